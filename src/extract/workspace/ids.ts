import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import type { Path } from '../../model/facts.ts';

/** The identity of a content: git's own for a blob, so that what git knows needs no reading. */
export const blobId = (bytes: Uint8Array): string =>
  hash('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));

export interface GitIds {
  /** Blob ids of files that are as the index has them; relative to the folder asked about. */
  readonly ids: ReadonlyMap<Path, string>;
  readonly tracked: ReadonlySet<Path>;
}

/**
 * What git's index says about the files below a folder; undefined where there is no index. Entries that git was told not
 * to look at (assume-unchanged, skip-worktree), conflicts, links and submodules have no id, nor have changed files.
 */
export function gitIds(root: string): GitIds | undefined {
  const listed = git(root, 'ls-files', '-z', '-v', '-s');
  const changed =
    listed === undefined
      ? undefined
      : git(root, 'diff-files', '-z', '--name-only', '--relative', '--ignore-submodules=all');
  if (listed === undefined || changed === undefined) return undefined;
  const dirty = new Set(changed.split('\0'));
  const ids = new Map<Path, string>();
  const tracked = new Set<Path>();
  for (const line of listed.split('\0')) {
    const tab = line.indexOf('\t');
    if (tab === -1) continue;
    const path = line.slice(tab + 1);
    tracked.add(path);
    const [tag, mode, id, stage] = line.slice(0, tab).split(' ');
    if (tag === 'H' && stage === '0' && (mode === '100644' || mode === '100755') && !dirty.has(path))
      ids.set(path, id!);
  }
  return { ids, tracked };
}

/** How git is asked: for long answers, and about the folder alone. */
export const options = (
  configured: Readonly<Record<string, string>> = {},
): Pick<ExecFileSyncOptions, 'maxBuffer' | 'timeout' | 'env'> => ({
  maxBuffer: 1024 * 1024 * 1024,
  timeout: 60_000,
  env: {
    ...process.env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: undefined,
    ...configured,
  },
});

/** Nothing that a repository configures may answer in the file system's place. */
const strict = ['core.fsmonitor=false', 'core.trustctime=true', 'core.checkStat=default', 'core.quotePath=false'];

/**
 * Git compares a file that may have changed through its filter, a program that the repository's own configuration can name.
 * Without them such a file counts as changed, and its content is read. As variables: a name may hold any character.
 */
const withoutFilters = (root: string): Readonly<Record<string, string>> => {
  const names = ask(
    root,
    options(),
    'config',
    '-z',
    '--name-only',
    '--get-regexp',
    '^filter\\..*\\.(clean|process|required)$',
  );
  const settings = [...new Set(names?.split('\0').filter(Boolean))];
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap((name, i) => [
      [`GIT_CONFIG_KEY_${i}`, name],
      [`GIT_CONFIG_VALUE_${i}`, name.endsWith('.required') ? 'false' : ''],
    ]),
  ]);
};

/** What git answers; undefined where it fails. It runs no program that the repository names. */
export function git(root: string, ...args: readonly string[]): string | undefined {
  const compares = /^diff/.test(args[0] ?? '');
  return ask(root, options(compares ? withoutFilters(root) : {}), ...args);
}

function ask(root: string, how: ReturnType<typeof options>, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', ['-C', root, ...strict.flatMap((setting) => ['-c', setting]), ...args], {
      ...how,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
