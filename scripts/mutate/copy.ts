import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The repository in a folder of its own, as it is in the working tree. Packages are links, each by itself: what programs
 * keep beside them (caches) is the copy's own.
 */
export function copyOf(root: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scalable-backend-mutate-')));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const path of new Set(listed.split('\0').filter(Boolean))) {
    if (!existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path), { verbatimSymlinks: true });
  }
  const packages = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(packages))
    if (!/^\.(?!bin$|package-lock\.json$)/.test(name))
      symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  return folder;
}
