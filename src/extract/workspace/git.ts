import { execFileSync } from 'node:child_process';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';
import { TOO_BIG } from '../read-files.ts';
import { type GitIds, git, options } from './ids.ts';
import { skipsFile } from './skip.ts';

/** The commit from which the work that is checked out branched off. Throws a `KnownError` where history does not reach it. */
export function mergeBase(root: string, revision: string): string {
  const base = git(root, 'merge-base', 'HEAD', revision)?.trim();
  if (base) return base;
  if (git(root, 'rev-parse', 'HEAD') === undefined)
    throw new KnownError(`${root} has no commits.`, { next: 'Leave --since out.' });
  if (git(root, 'rev-parse', '--is-shallow-repository')?.trim() === 'true') {
    throw new KnownError(`The history that was fetched does not reach where this branched off ${revision}.`, {
      next: `Fetch all of it (fetch-depth: 0), or some more: git fetch --deepen=100 origin ${revision}`,
    });
  }
  throw new KnownError(`There is no commit that HEAD and '${revision}' have in common.`, {
    next: `Name a branch, tag or commit that was fetched: git fetch origin ${revision}`,
  });
}

/** Files that were renamed since a commit, by their old paths; below the folder. */
export function renamedSince(root: string, commit: string): ReadonlyMap<Path, Path> {
  const told =
    git(
      root,
      'diff',
      '-z',
      '-M',
      '--name-status',
      '--diff-filter=R',
      '--relative',
      '--ignore-submodules=all',
      commit,
    ) ?? '';
  const fields = told.split('\0');
  const found = new Map<Path, Path>();
  for (let i = 0; i + 2 < fields.length; i += 3) found.set(fields[i + 1]!, fields[i + 2]!);
  return found;
}

/**
 * The files of a commit as the disk would show them. What is as it was is read from the disk, what changed from git, all of
 * it at once. `ids` are those of the commit.
 */
export function commitWorkspace(
  root: string,
  commit: string,
  head: Workspace,
  headIds: GitIds['ids'],
): { readonly workspace: Workspace; readonly ids: GitIds['ids'] } {
  const entries = treeOf(root, commit).filter(({ mode, path }) => mode.startsWith('100') && !skipsFile(path));
  const ids = new Map(entries.map(({ path, id }) => [path, id]));
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const isSame = (path: Path) => headIds.get(path) === ids.get(path) && head.files.has(path);
  let contents: ReadonlyMap<string, Uint8Array> | undefined;
  return {
    ids,
    workspace: {
      files: new Map([...ids.keys()].sort().map((path) => [path, ''])),
      size: (path) => (isSame(path) ? head.size?.(path) : sizes.get(path)),
      read(path) {
        if (isSame(path)) return head.read(path);
        contents ??= contentsOf(
          root,
          entries.filter((entry) => !isSame(entry.path)),
        );
        return contents.get(ids.get(path) ?? '');
      },
    },
  };
}

/** Something in the tree of a commit; `mode` as git writes it (`100644`), `size` in bytes. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
  readonly path: Path;
}
/** Everything below a folder, as a commit has it, in the order of git. */
export const treeOf = (root: string, commit: string): readonly TreeEntry[] =>
  (git(root, 'ls-tree', '-r', '-z', '-l', commit) ?? '').split('\0').flatMap((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', , id = '', size] = line.slice(0, Math.max(0, tab)).split(/ +/);
    return tab === -1 ? [] : [{ mode, id, size: Number(size), path: line.slice(tab + 1) }];
  });

/** Contents by blob id, without those that are too big to be read; all of them are in memory at once. */
export function contentsOf(root: string, entries: readonly TreeEntry[]): ReadonlyMap<string, Uint8Array> {
  const ids = [...new Set(entries.filter(({ size }) => size <= TOO_BIG).map(({ id }) => id))];
  const found = new Map<string, Uint8Array>();
  if (ids.length === 0) return found;
  const out = execFileSync('git', ['-C', root, 'cat-file', '--batch'], {
    ...options(),
    input: `${ids.join('\n')}\n`,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // The format of `--batch`: a line with the size, the bytes, a line end.
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    const [id = '', , size] = out.toString('latin1', at, end).split(' ');
    found.set(id, out.subarray(end + 1, end + 1 + Number(size)));
    at = end + Number(size) + 2;
  }
  return found;
}
