import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { commitAll, git } from '../support/git.ts';
import { folderWith, removeFolders, run } from '../support/program.ts';

afterEach(removeFolders);

/** What Yarn's program offers to enhanced-resolve; it leaves a trace of having been run. */
const program = `const { join } = require('node:path');
require('node:fs').writeFileSync(join(__dirname, 'ran'), '');
process.versions.pnp = '3';
require('node:module').findPnpApi = () => ({
  resolveToUnqualified: (name) => (name === 'left-pad' ? join(__dirname, '.yarn/cache/left-pad.zip/node_modules/left-pad') : null),
});
`;
const repository = () =>
  folderWith({
    'package.json': '{ "name": "shop" }',
    '.pnp.cjs': program,
    '.yarn/cache/left-pad.zip/node_modules/left-pad/package.json': '{ "name": "left-pad", "main": "index.js" }',
    '.yarn/cache/left-pad.zip/node_modules/left-pad/index.js': '',
    'src/package.json': '{ "name": "@shop/src" }',
    'src/a.ts': "import 'left-pad';\nimport 'right-pad';\n",
    'src/.dependency-cruiser.json': '{}',
    '.dependency-cruiser.js': `module.exports = {
  forbidden: [
    { name: 'known', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-pad', severity: 'error', from: {}, to: { path: 'left-pad/index' } },
  ],
  options: { parser: 'tsc', tsPreCompilationDeps: true },
};
`,
  });
const atoms = (stdout: string): string[] =>
  (JSON.parse(stdout) as { findings: { atoms: string[] }[] }).findings.flatMap((finding) => finding.atoms);

it("the program of Yarn's Plug'n'Play is run with the person's word alone", async () => {
  const at = repository();
  for (const folder of [at, join(at, 'src')]) {
    const { status, stdout, stderr } = await run('lint', folder);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/only \.pnp\.cjs knows.*--trust-config/s);
  }
  expect(existsSync(join(at, 'ran'))).toBe(false);
});

it('with it, packages are where it says', async () => {
  const at = repository();
  const { status, stdout, stderr } = await run('lint', at, '--format', 'json', '--trust-config');
  expect(atoms(stdout).sort()).toEqual([
    'src/a.ts>.yarn/cache/left-pad.zip/node_modules/left-pad/index.js',
    'src/a.ts>right-pad',
  ]);
  expect([status, stderr]).toEqual([1, expect.stringContaining("on its own graph (Plug'n'Play)")]);
  const verified = await run('lint', at, '--verify-engine', '--trust-config');
  expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('By our resolution: 0 differences')]);
});

it('what another commit broke is not known, and said not to be', async () => {
  const at = repository();
  git(at, 'init', '-q');
  commitAll(at);
  const { status, stdout } = await run('lint', at, '--format', 'json', '--trust-config', '--since', 'HEAD');
  expect([status, atoms(stdout).length]).toEqual([2, 2]);
  expect(stdout).toContain("the packages of Plug'n'Play are known here alone");
});

it('where dependency-cruiser fails, its own words say at what', async () => {
  const at = folderWith({
    '.dependency-cruiser.json': '{ "forbidden": [], "options": { "parser": "tsc" } }',
    'src/deep.ts': `export const x = ${'('.repeat(20_000)}1${')'.repeat(20_000)};\n`,
  });
  const { status, stderr } = await run('lint', at, '--engine', 'cruise');
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/dependency-cruiser failed: .*call stack.*src\/deep\.ts/),
  ]);
});
