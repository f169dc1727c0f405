import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { commitAll, git, makeRepository } from '../support/git.ts';
import { folderWith, removeFolders, run } from '../support/program.ts';

afterEach(removeFolders);

const configuration = (more = '') => `module.exports = {
  forbidden: [
    { name: 'no-ring', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-pad', severity: 'error', from: {}, to: { path: '^node_modules/left-pad/' } },
    { name: 'no-inside', severity: 'error', from: { path: '^packages/a/' }, to: { path: '^packages/b/src/inside' } },
  ],
  options: { parser: 'tsc', tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }${more} },
};
`;
/** A workspace of two packages with something installed; its main branch breaks each rule once, `work` is checked out. */
function repository(config = configuration()): string {
  const at = folderWith({
    'package.json': '{ "name": "shop", "workspaces": ["packages/*"] }',
    '.gitignore': 'node_modules\n',
    '.dependency-cruiser.js': config,
    'packages/a/package.json': '{ "name": "@shop/a" }',
    'packages/a/src/one.ts': "import './two.js';\nimport 'left-pad';\n",
    'packages/a/src/two.ts': "import './one.js';\nimport '@shop/b/src/inside.js';\n",
    'packages/b/package.json': '{ "name": "@shop/b" }',
    'packages/b/src/inside.ts': 'export {};\n',
    'node_modules/left-pad/package.json': '{ "name": "left-pad", "main": "index.js" }',
    'node_modules/left-pad/index.js': '',
    'node_modules/@shop/.keep': '',
  });
  symlinkSync('../../packages/b', join(at, 'node_modules/@shop/b'));
  makeRepository(at);
  git(at, 'checkout', '-qb', 'work');
  return at;
}
const lint = async (at: string, ...more: readonly string[]) => {
  const { status, stdout, stderr } = await run('lint', at, '--since', 'main', '--format', 'json', ...more);
  const { findings, problems } = JSON.parse(stdout) as {
    findings: { rule: string; atoms: string[] }[];
    problems: string[];
  };
  const theirs = findings.filter(({ rule }) => rule.startsWith('dependency-cruiser/'));
  return {
    status,
    stderr,
    problems,
    atoms: theirs.flatMap(({ rule, atoms }) => atoms.map((each) => `${rule.slice(19)} ${each}`)),
  };
};

describe.each([['ours'], ['its own']])('rules of dependency-cruiser on %s graph, since a revision', (graph) => {
  const engine = graph === 'ours' ? [] : ['--engine', 'cruise'];
  it('are broken by what the branch brings alone, with what is installed now for both', async () => {
    const at = repository();
    expect(await lint(at, ...engine)).toMatchObject({ status: 0, atoms: [] });
    writeFileSync(join(at, 'packages/a/src/three.ts'), "import 'left-pad';\nimport '@shop/b/src/inside.js';\n");
    const { status, atoms, stderr } = await lint(at, ...engine);
    expect(atoms).toEqual([
      'no-pad packages/a/src/three.ts>node_modules/left-pad/index.js',
      'no-inside packages/a/src/three.ts>packages/b/src/inside.ts',
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/5 violations by dependency-cruiser, on .*\n[0-9a-f]{8}: .*3 violations/);
  });
  it('follow a file that got another name', async () => {
    const at = repository();
    renameSync(join(at, 'packages/a/src/one.ts'), join(at, 'packages/a/src/first.ts'));
    writeFileSync(join(at, 'packages/a/src/two.ts'), "import './first.js';\nimport '@shop/b/src/inside.js';\n");
    git(at, 'add', '-A');
    expect(await lint(at, ...engine)).toMatchObject({ status: 0, atoms: [] });
  });
});

it('a folder of the repository is compared with itself, with what is installed above it', async () => {
  const at = repository();
  renameSync(join(at, '.dependency-cruiser.js'), join(at, 'packages/a/.dependency-cruiser.js'));
  writeFileSync(
    join(at, 'packages/a/.dependency-cruiser.js'),
    configuration().replace('^node_modules', '^../../node_modules'),
  );
  git(at, 'branch', '-f', 'main', commitAll(at));
  const a = join(at, 'packages/a');
  expect(await lint(a)).toMatchObject({ status: 0, atoms: [] });
  writeFileSync(join(a, 'src/three.ts'), "import 'left-pad';\n");
  expect((await lint(a)).atoms).toEqual(['no-pad src/three.ts>../../node_modules/left-pad/index.js']);
});

it('a configuration that the branch brings, brings what it finds', async () => {
  const at = repository();
  renameSync(join(at, '.dependency-cruiser.js'), join(at, 'kept'));
  git(at, 'branch', '-f', 'main', commitAll(at));
  renameSync(join(at, 'kept'), join(at, '.dependency-cruiser.js'));
  const { status, atoms } = await lint(at);
  expect([status, atoms.length]).toEqual([1, 3]);
});

it('where the commit cannot be judged, all is reported and nothing passes', async () => {
  const at = repository(configuration(', exclude: process.env.OUT'));
  writeFileSync(join(at, '.dependency-cruiser.js'), configuration());
  const { status, atoms, problems } = await lint(at);
  expect([status, atoms.length]).toEqual([2, 3]);
  expect(problems.join()).toMatch(/What was there at [0-9a-f]{8} already cannot be told: .*without running it/);
  expect(await lint(at, '--trust-config')).toMatchObject({ status: 0, atoms: [] });
});
