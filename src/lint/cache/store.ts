import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Path } from '../../model/facts.ts';

/**
 * What `save` wrote, in one file: a line that says whose it is and what the rest must add up to, then the rest. A file that
 * is broken, or of other versions of anything that reads files, is as good as none.
 */
export function read<T>(file: string, maker: string): T | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return text.slice(0, end) === head(maker, body) ? (JSON.parse(body) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that nobody reads half a file. Where it cannot be written, the next run is slower. */
export function save(file: string, maker: string, kept: unknown): void {
  const part = `${file}.${process.pid}`;
  try {
    const body = JSON.stringify(kept);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(part, `${head(maker, body)}\n${body}`);
    renameSync(part, file);
  } catch {
    if (existsSync(part)) rmSync(part);
  }
}

const head = (maker: string, body: string): string => `scalable-backend ${maker} ${crc32(body)}`;

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
