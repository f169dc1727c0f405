import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runYeoman } from '../../generators/app/run.ts';
import type { Blueprint } from '../blueprint/schema.ts';
import { KnownError } from '../model/known-error.ts';
import { classify, type ReadyFile } from './classify.ts';
import { firstCommit } from './git.ts';
import { lockPath } from './lock.ts';
import { openStage, place } from './place.ts';
import { diskOf, inspect } from './target.ts';
import { write } from './write.ts';

// The first write loads Yeoman.
vi.setConfig({ testTimeout: 60_000 });
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'write-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
};
const tree = (folder = home): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const file = (path: string, content: string, executable = false): ReadyFile => ({
  path,
  content,
  owner: 'tool',
  from: [],
  executable,
});
async function run(plan: readonly ReadyFile[], { force = false, signal = new AbortController().signal } = {}) {
  const target = inspect(join(home, 'deep/shop'), { force });
  const changes = classify({ plan, lock: target.lock, disk: diskOf(target), base: () => undefined });
  await write({ target, changes, generator: '1', blueprint: { name: 'shop' } as Blueprint, signal, commit: runYeoman });
  return changes;
}

describe('writing', () => {
  it('makes the directory and leaves nothing beside it', async () => {
    await run([file('a/b.txt', 'b'), file('run.sh', 'r', true)]);
    expect(tree()).toEqual(['deep/shop/.scalable-backend.lock.json', 'deep/shop/a/b.txt', 'deep/shop/run.sh']);
    expect(statSync(join(home, 'deep/shop/run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(join(home, 'deep/shop')).mode & 0o700).toBe(0o700);
  });

  it('again changes what is new, keeps what a person changed, deletes what is gone', async () => {
    await run([
      file('same', '1'),
      file('edited', '1'),
      file('old', '1'),
      file('gone/deep', '1'),
      file('gone-edited', '1'),
    ]);
    put('deep/shop/edited', 'mine');
    put('deep/shop/gone-edited', 'mine');
    await run([file('same', '1'), file('edited', '2'), file('old', '2'), file('new/x', '1')], { force: true });
    const shop = join(home, 'deep/shop');
    expect(tree(shop)).toEqual([lockPath, 'edited', 'gone-edited', 'new/x', 'old', 'same']);
    expect(readFileSync(join(shop, 'edited'), 'utf8')).toBe('mine');
    expect(readFileSync(join(shop, 'old'), 'utf8')).toBe('2');
    expect(existsSync(join(shop, 'gone'))).toBe(false);
  });

  it('writes nothing when it is interrupted, and removes what it staged', async () => {
    const stop = new AbortController();
    const writing = run([file('a', '1')], { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(writing).rejects.toThrow('stopped');
    expect(readdirSync(home)).toEqual([]);
  });

  it('undoes every move when one fails', () => {
    put('shop/a', 'old a');
    put('shop/z', 'old z');
    const target = { directory: join(home, 'shop'), exists: true, lock: undefined };
    const stage = openStage(target);
    writeFileSync(join(stage.files, 'a'), 'new a');
    mkdirSync(join(stage.files, 'n'));
    writeFileSync(join(stage.files, 'n/n'), 'new n');
    const write = ['a', 'n/n', 'missing'].map((path) => ({ path, executable: false }));
    expect(() => place(stage, target, { write, remove: ['z'] })).toThrow('ENOENT');
    stage.discard();
    expect(tree()).toEqual(['shop/a', 'shop/z']);
    expect(readFileSync(join(home, 'shop/a'), 'utf8')).toBe('old a');
    expect(existsSync(join(home, 'shop/n'))).toBe(false);
  });

  it('never follows a symbolic link out of the directory', async () => {
    await run([file('a', '1')]);
    put('outside/b', 'theirs');
    symlinkSync(join(home, 'outside'), join(home, 'deep/shop/link'));
    const changes = await run([file('a', '1'), file('link/b', 'mine')], { force: true });
    expect(changes.find(({ path }) => path === 'link/b')).toMatchObject({ action: 'keep' });
    expect(readFileSync(join(home, 'outside/b'), 'utf8')).toBe('theirs');
  });
});

describe('a directory', () => {
  const refusal = (path: string, force = false): string => {
    try {
      inspect(join(home, path), { force });
      return 'accepted';
    } catch (error) {
      if (error instanceof KnownError) return `${error.message} ${error.next}`;
      throw error;
    }
  };
  it('may be absent, empty, or hold what a fresh repository has', () => {
    mkdirSync(join(home, 'empty'));
    put('clone/.git/HEAD', '');
    put('clone/README.md', '');
    put('clone/LICENSE', '');
    expect(['absent/deep', 'empty', 'clone'].map((path) => refusal(path))).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ]);
  });
  it('with other files is refused unless --force accepts it', () => {
    put('used/notes.txt', '');
    expect(refusal('used')).toMatch(/is not empty: notes\.txt\..*--force/);
    expect(refusal('used', true)).toBe('accepted');
  });
  it('that is a file, or lies in one, is refused', () => {
    put('file', '');
    expect(refusal('file')).toContain('is a file');
    expect(refusal('file/shop')).toContain('no directory can be made in it');
  });
  it.skipIf(userInfo().uid === 0)('that cannot be written to is refused', () => {
    mkdirSync(join(home, 'locked'));
    chmodSync(join(home, 'locked'), 0o500);
    expect(refusal('locked/shop')).toContain('cannot be written to');
  });
});

describe('the first commit', () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: join(home, 'shop'), encoding: 'utf8' }).trim();
  it('holds every file, under some name even where git knows none', async () => {
    put('shop/a', '1');
    put('shop/.gitignore', 'ignored\n');
    put('shop/ignored', '1');
    expect(await firstCommit(join(home, 'shop'), 'As generated')).toMatchObject({ done: true });
    expect(git('ls-files').split('\n')).toEqual(['.gitignore', 'a']);
    expect(git('log', '--format=%s')).toBe('As generated');
    expect(git('status', '--porcelain')).toBe('');
  });
  it('is not made in somebody else’s repository', async () => {
    put('shop/a', '1');
    execFileSync('git', ['init', '--quiet', home]);
    const { done, note } = await firstCommit(join(home, 'shop'), 'x');
    expect(done).toBe(false);
    expect(note).toContain('inside the repository');
    expect(existsSync(join(home, 'shop/.git'))).toBe(false);
  });
});
