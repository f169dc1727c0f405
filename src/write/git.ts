import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { show } from './target.ts';

const run = promisify(execFile);
/** Variables by which a hook or a wrapper points git at another repository. */
const foreign = new Set(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY']);
const environment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.has(name)));

export interface Committed {
  readonly done: boolean;
  /** One clause for the summary: what was made, or why nothing was. */
  readonly note: string;
}

/** `git init` and a first commit, unless the folder already belongs to a repository. Never fails a run. */
export async function firstCommit(directory: string, message: string): Promise<Committed> {
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: directory, env: environment() })).stdout.trim();
  try {
    await git('--version');
  } catch {
    return { done: false, note: 'git is not installed' };
  }
  const owner = repositoryAbove(directory);
  if (owner)
    return {
      done: false,
      note:
        owner === directory ? 'the directory is a repository already' : `it lies inside the repository ${show(owner)}`,
    };
  try {
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    const identified = await git('var', 'GIT_AUTHOR_IDENT').then(
      (ident) => ident !== '',
      () => false,
    );
    const author = identified
      ? []
      : ['-c', 'user.name=create-scalable-backend', '-c', 'user.email=create-scalable-backend@localhost'];
    await git(...author, '-c', 'commit.gpgSign=false', 'commit', '--quiet', '--message', message);
    return { done: true, note: identified ? 'first commit made' : 'first commit made under the name of the generator' };
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n')[0];
    return { done: false, note: `git refused: ${said ?? (error as Error).message}` };
  }
}

function repositoryAbove(directory: string): string | undefined {
  for (let path = directory; ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return path;
    if (dirname(path) === path) return undefined;
  }
}

/** Paths that git sees changed or new below `directory`; undefined where there is no git or no repository. */
export async function uncommitted(directory: string): Promise<readonly string[] | undefined> {
  if (!repositoryAbove(directory)) return undefined;
  try {
    const args = ['status', '--porcelain', '--no-renames', '--untracked-files=normal', '-z', '--', '.'];
    const { stdout } = await run('git', args, { cwd: directory, env: environment(), maxBuffer: 1 << 26 });
    return stdout
      .split('\0')
      .filter((line) => /^.. ./.test(line))
      .map((line) => line.slice(3));
  } catch {
    return undefined;
  }
}
