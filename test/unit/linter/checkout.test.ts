import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Checkout, inCheckout } from '../../../src/extract/workspace/checkout.ts';
import { commitAll, git, makeRepository } from '../../support/git.ts';
import { folderWith, removeFolders } from '../../support/program.ts';

afterEach(removeFolders);

/** A package that is installed, one of the repository itself, and a file of each kind that git keeps. */
function repository(): string {
  const at = folderWith({
    'package.json': '{}',
    '.gitignore': 'node_modules\n',
    'packages/a/src/one.ts': 'export {};\n',
    'packages/b/package.json': '{}',
    'node_modules/left-pad/index.js': '1;',
    'node_modules/@shop/.keep': '',
  });
  symlinkSync('../../packages/b', join(at, 'node_modules/@shop/b'));
  makeRepository(at);
  return realpathSync(at);
}

describe('the copy of a commit', () => {
  it('has its files and links, not what is checked out, and nothing from outside', async () => {
    const outside = folderWith({ 'secret.txt': 'secret' });
    const at = repository();
    symlinkSync('one.ts', join(at, 'packages/a/src/alias.ts'));
    symlinkSync(join(outside, 'secret.txt'), join(at, 'absolute.txt'));
    symlinkSync('../../etc', join(at, 'packages/above'));
    const first = commitAll(at);
    writeFileSync(join(at, 'packages/a/src/one.ts'), 'export const changed = 1;\n');
    const seen = await inCheckout(join(at, 'packages/a'), first, async ({ top, copy, root }: Checkout) => {
      expect([top, root]).toEqual([at, join(copy, 'packages/a')]);
      expect(readFileSync(join(root, 'src/alias.ts'), 'utf8')).toBe('export {};\n');
      expect(readFileSync(join(copy, 'node_modules/left-pad/index.js'), 'utf8')).toBe('1;');
      expect(realpathSync(join(copy, 'node_modules/@shop/b'))).toBe(join(copy, 'packages/b'));
      expect(readdirSync(copy).sort()).toEqual(['.gitignore', 'node_modules', 'package.json', 'packages']);
      expect(readdirSync(join(copy, 'packages')).sort()).toEqual(['a', 'b']);
      return copy;
    });
    expect(existsSync(seen)).toBe(false);
  });
  it('runs no filter of git', async () => {
    const at = repository();
    git(at, 'config', 'filter.evil.smudge', `touch ${join(at, 'ran')}; cat`);
    writeFileSync(join(at, '.gitattributes'), '* filter=evil\n');
    const first = commitAll(at);
    writeFileSync(join(at, 'packages/a/src/one.ts'), 'export const changed = 1;\n');
    const text = await inCheckout(at, first, async ({ root }) =>
      readFileSync(join(root, 'packages/a/src/one.ts'), 'utf8'),
    );
    expect([text.includes('export {}'), existsSync(join(at, 'ran'))]).toEqual([true, false]);
  });
  it('is gone when what was to be done with it fails', async () => {
    const at = repository();
    let copy = '';
    const failing = inCheckout(at, 'HEAD', async (checkout) => {
      copy = checkout.copy;
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(copy)).toBe(false);
  });
  it.each([
    ['while it waits', 'await new Promise((done) => setTimeout(done, 60_000))'],
    ['while another program runs', "spawnSync('sleep', ['60'], { stdio: 'ignore' })"],
  ])('is gone when the process is interrupted %s', async (_, work) => {
    const module = JSON.stringify(new URL('../../../src/extract/workspace/checkout.ts', import.meta.url).href);
    const script = `import { spawnSync } from 'node:child_process';
      import { writeSync } from 'node:fs';
      const { inCheckout } = await import(${module});
      await inCheckout(${JSON.stringify(repository())}, 'HEAD', async ({ copy }) => { writeSync(1, copy); ${work}; });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const copy = String((await once(child.stdout, 'data'))[0]);
    expect(existsSync(copy)).toBe(true);
    await new Promise((done) => setTimeout(done, 200));
    process.kill(-child.pid!, 'SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(existsSync(copy)).toBe(false);
  });
});
