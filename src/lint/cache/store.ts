import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Path } from '../../model/facts.ts';

/** A text, and what it adds up to. */
export interface Stored {
  readonly text: string;
  readonly sum: number;
}

/**
 * What `save` wrote, in one file: a line that says whose it is and what the rest must add up to, then the rest. A file that
 * is broken, or of other versions of anything that reads files, is as good as none.
 */
export function read(file: string, maker: string): Stored | undefined {
  try {
    const bytes = readFileSync(file);
    const end = bytes.indexOf('\n');
    const body = bytes.subarray(end + 1);
    const sum = crc32(body);
    return bytes.toString('utf8', 0, end) === head(maker, sum) ? { text: body.toString('utf8'), sum } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Written beside and renamed, so that nobody reads half a file. Returns what the text adds up to; undefined where it cannot
 * be written: then the next run is slower.
 */
export function save(file: string, maker: string, text: string): number | undefined {
  const part = `${file}.${process.pid}`;
  try {
    const body = Buffer.from(text);
    const sum = crc32(body);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(part, Buffer.concat([Buffer.from(`${head(maker, sum)}\n`), body]));
    renameSync(part, file);
    return sum;
  } catch {
    if (existsSync(part)) rmSync(part);
    return undefined;
  }
}

const head = (maker: string, sum: number): string => `scalable-backend ${maker} ${sum}`;

/**
 * Beside what is installed, where every tool keeps such files; without that, or where that folder is part of the
 * repository, in the person's cache folder.
 */
export function placeOf(root: string, tracked: Iterable<Path>): string {
  const isTracked = Iterator.from(tracked).some((path) => path.startsWith('node_modules/'));
  if (isFolder(join(root, 'node_modules')) && !isTracked)
    return join(root, 'node_modules', '.cache', 'scalable-backend', 'lint.json');
  return join(cacheFolder(), 'scalable-backend', `${hash('sha1', root)}.json`);
}

/** Where the outcome of the last run is, which is read without the rest. */
export const outcomeBeside = (file: string): string => file.replace(/json$/, 'outcome.json');

function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (platform() === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  return join(homedir(), platform() === 'darwin' ? 'Library/Caches' : '.cache');
}

/** Which packages are installed, by what package managers leave behind: npm, pnpm, Yarn. */
export const installedState = (root: string): string =>
  ['node_modules/.package-lock.json', 'node_modules/.modules.yaml', 'node_modules/.yarn-state.yml', '.pnp.cjs']
    .map((path) => stamp(join(root, path)))
    .join(' ');

function stamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size}:${found.mtimeMs}` : '-';
}
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
