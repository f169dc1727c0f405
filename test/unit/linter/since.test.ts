import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rules } from '../../../rules/catalogue.gen.ts';
import { sinceRevision } from '../../../src/cli/linter/since.ts';
import { recognisers } from '../../../src/extract/catalogue.gen.ts';
import { languages } from '../../../src/extract/languages.gen.ts';
import { diskWorkspace } from '../../../src/extract/workspace/disk.ts';
import { nothingKept } from '../../../src/lint/cache/memory.ts';
import { lint } from '../../../src/lint/lint.ts';
import { commitAll, git } from '../../support/git.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const at = mkdtempSync(join(tmpdir(), 'since-'));
  made.push(at);
  return at;
}
function write(at: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content);
  }
}
function commit(at: string, files: Readonly<Record<string, string>>): void {
  write(at, files);
  commitAll(at);
}
const slow = (name: string, calls = 1) =>
  `export async function ${name}() {\n${'  await fetch(base);\n'.repeat(calls)}}\nconst base = process.env.BASE;\n`;

/** A repository whose main branch has one call that may wait for ever, and a branch that is checked out. */
function repository(): string {
  const at = folder();
  git(at, 'init', '-q', '-b', 'main');
  commit(at, { 'package.json': '{ "name": "shop" }', 'src/old.ts': slow('old'), 'src/same.ts': slow('same') });
  git(at, 'checkout', '-qb', 'work');
  return at;
}
async function since(at: string, revision = 'main', owner?: string) {
  const workspace = diskWorkspace(at);
  const input = {
    workspace,
    extractors: { languages, recognisers },
    rules,
    today: '2026-11-26',
    only: ['missing-timeout'],
    ...(owner !== undefined && { owner }),
  };
  const report = await sinceRevision(at, revision, { report: await lint(input), input, kept: nothingKept });
  return { ...report, atoms: report.findings.flatMap(({ atoms, added }) => added ?? atoms) };
}

it('tells what the branch brings, committed or not, and nothing that was there', async () => {
  const at = repository();
  expect(await since(at)).toMatchObject({ atoms: [], exitCode: 0, since: { known: 2 } });
  commit(at, { 'src/committed.ts': slow('committed') });
  write(at, { 'src/untracked.ts': slow('untracked'), 'src/old.ts': slow('other') });
  const { atoms, exitCode } = await since(at);
  expect(atoms).toEqual([
    'shop:committed.ts#committed#fetch',
    'shop:old.ts#other#fetch',
    'shop:untracked.ts#untracked#fetch',
  ]);
  expect(exitCode).toBe(1);
});

it('counts calls that look alike', async () => {
  const at = repository();
  write(at, { 'src/old.ts': slow('old', 3) });
  expect((await since(at)).atoms).toEqual(['shop:old.ts#old#fetch', 'shop:old.ts#old#fetch']);
});

it('follows a file that got another name', async () => {
  const at = repository();
  renameSync(join(at, 'src/old.ts'), join(at, 'src/renamed.ts'));
  git(at, 'add', '-A');
  expect((await since(at)).atoms).toEqual([]);
  write(at, { 'src/renamed.ts': `${slow('old')}${slow('more').split('const')[0]}` });
  expect((await since(at)).atoms).toEqual(['shop:renamed.ts#more#fetch']);
});

it('compares with where the branch left, whatever happened there afterwards', async () => {
  const at = repository();
  git(at, 'checkout', '-q', 'main');
  commit(at, { 'src/same.ts': 'export const same = 1;\n' });
  git(at, 'checkout', '-q', 'work');
  expect((await since(at)).atoms).toEqual([]);
});

it('nothing is new because it belongs to somebody else now', async () => {
  const at = repository();
  commit(at, { CODEOWNERS: '* @b\n' });
  git(at, 'branch', '-f', 'main', 'work');
  const before = await since(at, 'main', '@b');
  write(at, { CODEOWNERS: '* @c\n' });
  const after = await since(at, 'main', '@c');
  expect([before.atoms, after.atoms, after.since?.known]).toEqual([[], [], 2]);
});

it('still fails for what cannot be checked', async () => {
  const at = repository();
  write(at, { 'src/broken.ts': 'const x = {;\n' });
  expect(await since(at)).toMatchObject({ exitCode: 2, atoms: [] });
});

it('says how to fetch what it needs', async () => {
  const at = repository();
  commit(at, { 'src/a.ts': '' });
  commit(at, { 'src/b.ts': '' });
  const shallow = folder();
  execFileSync('git', ['clone', '-q', '--depth=1', '--branch=work', '--no-single-branch', `file://${at}`, shallow]);
  await expect(since(shallow, 'origin/main')).rejects.toMatchObject({
    exitCode: 2,
    next: expect.stringContaining('fetch-depth: 0'),
  });
  await expect(since(at, 'nowhere')).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("'nowhere'"),
  });
  await expect(since(folderWithout())).rejects.toMatchObject({ exitCode: 2 });
  function folderWithout() {
    const plain = folder();
    write(plain, { 'a.ts': slow('a') });
    return plain;
  }
});
