import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Gap, Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';
import { skipsFolder } from './skip.ts';

/**
 * The files below `root`, by one walk. Symbolic links to folders are not followed (workspace links lead to folders that
 * are walked anyway, and loops end here); links to files are, when they stay inside the root.
 */
export function diskWorkspace(root: string): Workspace {
  const top = realRoot(root);
  // Faster than `join`, which would look at each part of each path.
  const placeOf = (path: Path) => `${top}/${path}`;
  const files = new Map<Path, string>();
  const gaps: Gap[] = [];
  const walk = (folder: Path) => {
    let entries: ReturnType<typeof list>;
    try {
      entries = list(join(top, folder));
    } catch (error) {
      gaps.push({ path: folder || '.', why: 'unreadable', detail: (error as NodeJS.ErrnoException).code ?? 'refused' });
      return;
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipsFolder(entry.name, folder)) walk(path);
      } else if (entry.isFile() || (entry.isSymbolicLink() && isInnerFile(top, path))) files.set(path, '');
      else if (/^architecture\.ya?ml$/.test(entry.name))
        gaps.push({ path, why: 'unreadable', detail: 'leads out of the repository, or to no file' });
    }
  };
  walk('');
  return {
    files,
    gaps,
    read: (path) => (files.has(path) ? attempt(() => readBounded(placeOf(path))) : undefined),
    size: (path) => (files.has(path) ? attempt(() => statSync(placeOf(path)).size) : undefined),
  };
}

const list = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** The largest file that anything here has a use for: a lockfile. More would fill the memory. */
const LARGEST = 100_000_000;

/**
 * Room for the content of one file, small ones many to a block: memory outside of the heap is dear to ask for and to give
 * back. A block lives as long as anything in it.
 */
function slice(size: number): Buffer {
  if (size > BLOCK / 8) return Buffer.allocUnsafeSlow(size);
  if (used + size > block.length) [block, used] = [Buffer.allocUnsafeSlow(BLOCK), 0];
  used += size;
  return block.subarray(used - size, used);
}
const BLOCK = 1 << 18;
let [block, used] = [Buffer.allocUnsafeSlow(0), 0];

/** As few calls of the system as can be: ten thousand files are read so. */
function readBounded(file: string): Uint8Array | undefined {
  const open = openSync(file, 'r');
  try {
    const { size } = fstatSync(open);
    if (size > LARGEST) return undefined;
    const bytes = slice(size);
    // A size that is not true (a file of the system, or one that changes now) is for `readFileSync` to find out.
    return size > 0 && readSync(open, bytes) === size ? bytes : readFileSync(file);
  } finally {
    closeSync(open);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function realRoot(root: string): string {
  const top = attempt(() => realpathSync(root));
  const next = 'Give the folder of the repository to read, or leave it out for the current one.';
  if (top === undefined) throw new KnownError(`${root} does not exist or cannot be read.`, { next });
  if (!statSync(top).isDirectory()) throw new KnownError(`${root} is a file, not a folder.`, { next });
  return top;
}

function isInnerFile(top: string, path: Path): boolean {
  const target = attempt(() => realpathSync(join(top, path)));
  return target?.startsWith(top + sep) === true && attempt(() => statSync(target).isFile()) === true;
}
