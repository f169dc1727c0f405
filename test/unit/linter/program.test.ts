import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, removeFolders, run } from '../../support/program.ts';

afterEach(removeFolders);

describe('lint --rule', () => {
  it('takes one rule each, so that the folder after it is the folder', async () => {
    const folder = folderWith({
      'package.json': '{ "name": "x", "private": true }',
      'src/a.ts': "export const a = () => fetch('https://a.example/items');\n",
    });
    const report = async (...args: string[]) => JSON.parse((await run('lint', '--format', 'json', ...args)).stdout);
    const rulesOf = ({ findings }: { findings: { rule: string }[] }) => [...new Set(findings.map(({ rule }) => rule))];
    expect(rulesOf(await report('--rule', 'missing-timeout', folder))).toEqual(['missing-timeout']);
    expect(rulesOf(await report('--rule', 'missing-timeout', '--rule', 'no-health-check', folder)).sort()).toEqual([
      'missing-timeout',
    ]);
    expect(rulesOf(await report('--rule', 'no-health-check', folder))).toEqual([]);
  });
});

describe('lint --print-config', () => {
  it('knows the rules of the dependency-cruiser configuration, and settings that speak of them', async () => {
    const folder = folderWith({
      'package.json': '{ "name": "x", "private": true }',
      '.dependency-cruiser.json': JSON.stringify({
        forbidden: [
          { name: 'no-ring', severity: 'warn', from: {}, to: { circular: true } },
          { name: 'no-orphan', severity: 'error', from: { orphan: true }, to: {} },
        ],
      }),
      'architecture.yaml': 'version: 1\nname: x\nlint:\n  rules: { dependency-cruiser/no-orphan: info }\n',
      'src/a.ts': 'export {};\n',
    });
    const { status, stdout, stderr } = await run('lint', folder, '--print-config', 'src/a.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { rules } = JSON.parse(stdout);
    expect(rules['dependency-cruiser/no-ring'][0]).toBe('warning');
    expect(rules['dependency-cruiser/no-orphan'][0]).toBe('info');
  });
});

describe('lint', () => {
  const slow = 'export const a = (url: string) => fetch(url);\n';
  const project = (more: Readonly<Record<string, string>> = {}) =>
    folderWith({ 'package.json': '{ "name": "x", "private": true }', 'src/a.ts': slow, ...more });

  it('fails for findings wherever they are written to, and when they cannot be written', async () => {
    const folder = project();
    const into = (file: string) => run('lint', folder, '--format', 'json', '--output', join(folder, file));
    expect(await into('report.json')).toMatchObject({ status: 1, stdout: '' });
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).exitCode).toBe(1);
    const { status, stderr } = await into('no/such/folder.json');
    expect([status, stderr]).toEqual([2, expect.stringContaining('The report cannot be written')]);
  });
  it('--max-warnings takes a whole number, and allows as many', async () => {
    const folder = project({
      'architecture.yaml':
        'version: 1\nname: x\nlint: { rules: { missing-timeout: warning }, failOn: { severity: error } }\n',
    });
    const status = async (...args: string[]) => (await run('lint', folder, ...args)).status;
    expect(await status('--max-warnings', '1.5')).toBe(2);
    expect(await status('--max-warnings', '1')).toBe(0);
    expect(await status('--max-warnings', '0')).toBe(1);
  });
  it.each([
    [['--dry-run'], '--dry-run says what --fix would do'],
    [['--verify-cache', '--no-cache'], 'there is no cache to verify'],
    [['--verify-engine', '--format', 'json'], '--verify-engine is no report'],
    [['--verify-engine', '--output', 'sarif=x.sarif'], '--verify-engine is no report'],
    [['--print-config', 'src/b.ts'], 'There is no file src/b.ts in the folder that is checked.'],
  ])('refuses what would do nothing: %j', async (options, message) => {
    const { status, stderr, stdout } = await run('lint', project(), ...options);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stdout).not.toContain('missing-timeout');
  });
  it('--fix reports what is left', async () => {
    const folder = project();
    expect(await run('lint', folder, '--fix')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('No findings.'),
    });
  });
  it('--update-baseline accepts what a whole run found, and nothing less', async () => {
    const folder = project();
    const update = (...args: string[]) => run('lint', folder, '--update-baseline', ...args);
    for (const part of [
      ['--rule', 'missing-timeout'],
      ['--owner', '@a'],
      ['--since', 'main'],
    ])
      expect(await update(...part)).toMatchObject({ status: 2, stderr: expect.stringContaining('of all rules') });
    writeFileSync(join(folder, 'src', 'b.ts'), 'const = ;\n');
    expect(await update()).toMatchObject({ status: 2, stderr: expect.stringContaining('The baseline is unchanged') });
    expect(existsSync(join(folder, '.scalable-backend'))).toBe(false);
    rmSync(join(folder, 'src', 'b.ts'));
    expect(await update()).toMatchObject({ status: 0, stdout: expect.stringContaining('1 accepted by the baseline') });
  });
  it('counts code that is not read by endings in any case', async () => {
    expect((await run('lint', project({ 'A.GO': '', 'b.go': '' }))).stdout).toContain('not read: Go (2 files)');
  });
});
