import { execFileSync } from 'node:child_process';

/** What git answers in a repository, as somebody whose name it knows. */
export const git = (at: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', at, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });

/** Commits everything there is, and returns the commit. */
export function commitAll(at: string): string {
  git(at, 'add', '-A');
  git(at, 'commit', '-qm', 'change');
  return git(at, 'rev-parse', 'HEAD').trim();
}
