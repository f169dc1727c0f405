import { execFileSync } from 'node:child_process';

/** What git answers in a repository, as somebody whose name it knows. */
export const git = (at: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', at, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });

/** Makes a folder a repository with one commit, on `main`, of everything in it. */
export function makeRepository(at: string): void {
  git(at, 'init', '-q', '-b', 'main');
  commitAll(at);
}

/** Commits everything there is, and returns the commit. */
export function commitAll(at: string): string {
  git(at, 'add', '-A');
  git(at, 'commit', '-qm', 'change');
  return git(at, 'rev-parse', 'HEAD').trim();
}
