import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folder, installation, nodeEnv, program } from './support/packages.ts';
import { run, stopAll, succeed } from './support/processes.ts';

let create: string;
let linter: string;
beforeAll(async () => {
  const at = await installation();
  create = program(at, 'create-scalable-backend');
  linter = program(at, 'scalable-backend');
}, 300_000);
afterAll(stopAll);

describe('the generator refuses in one clear line with the next step, and writes nothing', () => {
  const yaml = (text: string) => (cwd: string) => writeFile(join(cwd, 'architecture.yaml'), text);
  const cases: readonly { what: string; args: string[]; says: RegExp; before?: (cwd: string) => Promise<void> }[] = [
    { what: 'an unknown flag', args: ['shop', '--yes', '--databse', 'postgres'], says: /--databse.*\n.*--database/s },
    { what: 'an unknown value', args: ['shop', '--yes', '--cache', 'reddis'], says: /reddis.*\n.*redis/s },
    {
      what: 'a broker that starts no functions',
      args: ['shop', '--yes', '--style', 'serverless', '--broker', 'memory'],
      says: /memory.*sns/s,
    },
    { what: 'a reserved name', args: ['shop', '--yes', '--modules', 'platform'], says: /platform/ },
    { what: 'a name that is none', args: ['shop', '--yes', '--modules', 'Catalog_1'], says: /Catalog_1/ },
    {
      what: 'a circle',
      args: ['shop', '--yes', '--modules', 'a1,b1,c1', '--uses', 'a1:b1,b1:c1,c1:a1'],
      says: /a1.*b1.*c1/s,
    },
    {
      what: 'a module that uses nobody we know',
      args: ['shop', '--yes', '--uses', 'orders:catalgo'],
      says: /catalgo.*catalog/s,
    },
    {
      what: 'a directory with files',
      args: ['shop', '--yes'],
      says: /shop.*--force/s,
      before: async (cwd) => {
        await mkdir(join(cwd, 'shop'));
        await writeFile(join(cwd, 'shop', 'mine.txt'), 'mine');
      },
    },
    {
      what: 'a blueprint that is wrong',
      args: ['shop', '--yes', '--from', 'architecture.yaml'],
      says: /architecture\.yaml:3:\d+/,
      before: yaml('version: 1\nname: shop\nmodules: 7\n'),
    },
    { what: 'a blueprint that is not there', args: ['shop', '--yes', '--from', 'absent.yaml'], says: /absent\.yaml/ },
  ];
  test.each(cases)('$what', async ({ args, says, before }) => {
    const cwd = await folder('refusal');
    await before?.(cwd);
    const tree = await readdir(cwd, { recursive: true });
    const { code, output } = await run(create, args, { cwd, env: nodeEnv() });
    expect([code, output]).toEqual([2, expect.stringMatching(says)]);
    expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
    expect(await readdir(cwd, { recursive: true })).toEqual(tree);
  });

  test('and accepts a directory that has only a repository, a readme and a license', async () => {
    const cwd = await folder('accepted');
    const mine = join(cwd, 'shop');
    await mkdir(mine);
    await succeed('git', ['init', '--quiet'], { cwd: mine });
    await writeFile(join(mine, 'README.md'), '# mine\n');
    await writeFile(join(mine, 'LICENSE'), 'mine\n');
    await succeed(create, ['shop', '--yes', '--skip-install'], { cwd, env: nodeEnv() });
    expect(await readFile(join(mine, 'README.md'), 'utf8')).toBe('# mine\n');
    expect(await readFile(join(mine, 'LICENSE'), 'utf8')).toBe('mine\n');
  });
});

describe('the linter goes on where something cannot be read, and says so', () => {
  const good = "export const url = 'http://10.0.0.7:8080/orders';\n";
  const repository = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    const cwd = await folder('repository');
    const all = { 'package.json': '{ "name": "example", "private": true, "type": "module" }\n', ...files };
    for (const [path, text] of Object.entries(all)) {
      await mkdir(join(cwd, path, '..'), { recursive: true });
      await writeFile(join(cwd, path), text);
    }
    return cwd;
  };
  const lint = (cwd: string) => run(linter, ['lint', '.'], { cwd, env: nodeEnv(), withinMs: 60_000 });

  const unreadable: readonly { what: string; path: string; text: string | Uint8Array }[] = [
    { what: 'broken TypeScript', path: 'src/broken.ts', text: 'export const = ;{{{\n' },
    { what: 'a binary file', path: 'src/binary.ts', text: new Uint8Array(4_096).map((_, i) => (i * 37) % 256) },
    {
      what: 'ten megabytes',
      path: 'src/big.ts',
      text: `export const list = [\n${'  "0123456789",\n'.repeat(700_000)}];\n`,
    },
    {
      what: 'deep nesting',
      path: 'src/deep.ts',
      text: `export const deep = ${'['.repeat(50_000)}${']'.repeat(50_000)};\n`,
    },
  ];
  test.each(unreadable)('$what is a gap, and the others are linted', async ({ path, text }) => {
    const { code, output } = await lint(await repository({ 'src/good.ts': good, [path]: text }));
    expect(code, output.slice(0, 2_000)).toBe(2);
    expect(output).toContain(path);
    expect(output).toContain('hard-coded-endpoint');
  });

  test('a loop of symbolic links ends', async () => {
    const cwd = await repository({ 'src/good.ts': 'export const fine = 1;\n' });
    await symlink('..', join(cwd, 'src', 'loop'));
    expect((await lint(cwd)).code).toBe(0);
  });

  test('a directory with no code is no success', async () => {
    const cwd = await folder('empty');
    const { code, output } = await lint(cwd);
    expect(code).toBe(2);
    expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  });

  test('a configuration that is wrong is placed', async () => {
    const cwd = await repository({
      'src/good.ts': good,
      'architecture.yaml': 'version: 1\nname: shop\nlint:\n  rules: 7\n',
    });
    const { code, output } = await lint(cwd);
    expect([code, output]).toEqual([2, expect.stringMatching(/architecture\.yaml:4:\d+/)]);
  });
});
