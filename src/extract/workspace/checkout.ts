import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Path } from '../../model/facts.ts';
import { contentsOf, type TreeEntry, treeOf } from './git.ts';
import { git, gitIds } from './ids.ts';

export interface Checkout {
  /** What is checked out, and its copy as a commit has it; both absolute and real. */
  readonly top: string;
  readonly copy: string;
  /** The folder that was asked about, in the copy. */
  readonly root: string;
}

/**
 * Runs something over a copy of a whole repository as a commit has it, for programs that read the disk. Packages are those
 * that are installed now, by links. No filter of git is run; links and paths that leave the repository are left out. The
 * copy is gone when it returns, or when a signal ends the process.
 */
export async function inCheckout<T>(root: string, commit: string, use: (at: Checkout) => Promise<T>): Promise<T> {
  const top = realpathSync((git(root, 'rev-parse', '--show-toplevel') ?? root).replace(/\n$/, ''));
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'scalable-backend-')));
  const remove = () => rmSync(copy, { recursive: true, force: true });
  const stop = (_: NodeJS.Signals, number: number) => {
    remove();
    process.exit(128 + number);
  };
  for (const signal of signals) process.once(signal, stop);
  try {
    const entries = treeOf(top, commit).filter(({ path }) => path.split('/').every(isPlain));
    writeFiles(top, copy, entries);
    const folders = new Set(entries.flatMap(({ path }) => foldersOf(path)));
    for (const folder of folders) linkPackages(join(top, folder, 'node_modules'), { top, copy });
    return await use({ top, copy, root: join(copy, relative(top, root)) });
  } finally {
    remove();
    // A signal that came while another program was waited for is heard now.
    await setImmediate();
    for (const signal of signals) process.off(signal, stop);
  }
}
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const isPlain = (part: string): boolean => !['', '.', '..', 'node_modules'].includes(part);
/** Every folder that a path is in, the root ('') included. */
const foldersOf = (path: Path): Path[] => [...path.matchAll(/^|\//g)].map(({ index }) => path.slice(0, index));

function writeFiles(top: string, copy: string, entries: readonly TreeEntry[]): void {
  for (const folder of new Set(entries.map(({ path }) => dirname(join(copy, path)))))
    mkdirSync(folder, { recursive: true });
  const now = gitIds(top)?.ids;
  const [same, changed] = [true, false].map((is) =>
    entries.filter(({ mode, path, id }) => mode.startsWith('100') && (now?.get(path) === id) === is),
  );
  for (const { path } of same!) copyFileSync(join(top, path), join(copy, path));
  const contents = contentsOf(top, changed!);
  for (const { path, id } of changed!) writeFileSync(join(copy, path), contents.get(id) ?? '');
  const links = entries.filter(({ mode }) => mode === '120000');
  const targets = contentsOf(top, links);
  for (const { path, id } of links) {
    const target = String(Buffer.from(targets.get(id) ?? []));
    if (!isAbsolute(target) && isInside(copy, join(copy, dirname(path), target))) symlinkSync(target, join(copy, path));
  }
}
const isInside = (folder: string, path: string): boolean => path.startsWith(folder + sep);

/** A folder of packages whose entries are links: to what is installed, or to the copy of what is of the repository itself. */
function linkPackages(folder: string, { top, copy }: Pick<Checkout, 'top' | 'copy'>): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const inCopy = (path: string) => join(copy, relative(top, path));
  mkdirSync(inCopy(folder), { recursive: true });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('@') && entry.isDirectory()) {
      linkPackages(path, { top, copy });
      continue;
    }
    if (!statSync(path, { throwIfNoEntry: false })) continue;
    const real = realpathSync(path);
    const isOwn = isInside(top, real) && !relative(top, real).split(sep).includes('node_modules');
    symlinkSync(isOwn ? inCopy(real) : path, inCopy(path), 'junction');
  }
}
