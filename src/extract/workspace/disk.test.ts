import { chmodSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, removeFolders } from '../../../test/support/program.ts';
import { diskWorkspace } from './disk.ts';
import { skipsFile, skipsFolder } from './skip.ts';

afterEach(removeFolders);
const pathsOf = (root: string) => [...diskWorkspace(root).files.keys()];

describe('the files of a folder', () => {
  it('are those of all its folders, and links to them', () => {
    const root = folderWith({ 'a.ts': '', 'b/c/d/e/f.ts': 'deep' });
    symlinkSync(join(root, 'b/c/d/e/f.ts'), join(root, 'link.ts'));
    expect(pathsOf(root)).toEqual(['a.ts', 'b/c/d/e/f.ts', 'link.ts']);
    expect(Buffer.from(diskWorkspace(root).read('link.ts')!).toString()).toBe('deep');
  });
  it('are not those of a folder beside it whose name begins alike', () => {
    const root = folderWith({ 'a.ts': '' });
    const beside = folderWith({ 'secret.ts': '' });
    renameSync(beside, `${root}-secret`);
    try {
      symlinkSync(join(`${root}-secret`, 'secret.ts'), join(root, 'link.ts'));
      expect(pathsOf(root)).toEqual(['a.ts']);
    } finally {
      renameSync(`${root}-secret`, beside);
    }
  });
  it('say which folder could not be listed', () => {
    const root = folderWith({ 'a.ts': '', 'locked/b.ts': '' });
    for (const [folder, mode] of [
      [root, 0o755],
      [join(root, 'locked'), 0],
    ] as const)
      chmodSync(folder, mode);
    // Root may list what it likes; anybody else may not.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid!(65_534);
    const workspace = diskWorkspace(root);
    if (isRoot) process.seteuid!(0);
    chmodSync(join(root, 'locked'), 0o755);
    expect([...workspace.files.keys()]).toEqual(['a.ts']);
    expect(workspace.gaps).toEqual([{ path: 'locked', why: 'unreadable', detail: 'EACCES' }]);
  });
});

describe('a folder is skipped by its name', () => {
  it.each(['node_modules', 'dist', 'out', '.git', '.next', 'vendor'])('%s', (name) => {
    expect(skipsFolder(name)).toBe(true);
  });
  it.each(['lib', 'outbox', 'builder', 'src', 'temp', '.github', '.scalable-backend', '.circleci'])(
    'but not %s',
    (name) => {
      expect(skipsFolder(name)).toBe(false);
    },
  );
  it('and words of a business are none below the source, where nothing is built or installed', () => {
    expect(['vendor', 'build', 'target', 'coverage'].map((name) => skipsFolder(name, 'apps/api/src'))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([skipsFolder('vendor', 'src/main/resources'), skipsFolder('node_modules', 'src')]).toEqual([true, true]);
    expect(['src/vendor/a.ts', 'vendor/src/a.ts', 'a.ts'].map(skipsFile)).toEqual([false, true, false]);
  });
});
