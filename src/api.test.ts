import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noLeftPad, phone } from '../test/support/added.ts';
import { filesOf, findingsOf, lint, render, Session } from './api.ts';

const folder = mkdtempSync(join(tmpdir(), 'api-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = { 'package.json': '{"name":"a"}', 'src/index.ts': "import pad from 'left-pad';\nexport default pad;\n" };

describe('the linter for programs', () => {
  it('runs its own rules and those that are given, over files in memory', async () => {
    const report = await lint(filesOf(files), { rules: [noLeftPad], today: '2026-11-22' });
    expect(report.findings.map(({ rule, message }) => [rule, message])).toContainEqual([
      'no-left-pad',
      'left-pad again.',
    ]);
    expect(report.coverage.rules.length).toBeGreaterThan(5);
    expect(JSON.parse(render(report, 'json')).exitCode).toBe(1);
    expect(() => render(report, 'xml')).toThrow('only');
  });

  it('helps to test a rule, with settings of architecture.yaml', async () => {
    expect(await findingsOf(noLeftPad, files)).toHaveLength(1);
    expect(await findingsOf(noLeftPad, { ...files, 'src/index.ts': 'export {};\n' })).toEqual([]);
    const off = 'version: 1\nname: a\nlint: { rules: { no-left-pad: off } }\n';
    expect(await findingsOf(noLeftPad, { ...files, 'architecture.yaml': off })).toEqual([]);
  });

  it('asks recognisers that are given', async () => {
    const call = filesOf({
      'package.json': '{"name":"a"}',
      'src/a.ts': "import { ring } from 'phone';\nring('mum');\n",
    });
    const apis = async (recognisers = {}) =>
      (await lint(call, { recognisers, only: ['missing-timeout'] })).findings.map(({ message }) => message);
    expect(await apis()).toEqual([]);
    expect(await apis({ typescript: [phone] })).toEqual([expect.stringContaining('phone')]);
  });
});

describe('a session', () => {
  it('sees what an editor has, and what is on the disk after that', async () => {
    for (const [path, text] of Object.entries({
      'package.json': '{"name":"a"}',
      'index.ts': "import './a.ts';\n",
      'a.ts': 'export {};\n',
    }))
      writeFileSync(join(folder, path), text);
    const session = new Session(folder, { only: ['missing-timeout'] });
    const found = async () => (await session.lint()).findings.length;
    expect(await found()).toBe(0);
    session.update('a.ts', "fetch('https://example.com');\n");
    expect(await found()).toBe(1);
    session.update('a.ts', undefined);
    expect((await session.lint()).exitCode).toBe(2);
    session.saved('a.ts');
    expect(await found()).toBe(0);
    writeFileSync(join(folder, 'a.ts'), "fetch('https://example.com');\nfetch('https://example.com');\n");
    expect(await found()).toBe(2);
  });

  it('says after any edits what a fresh run says', async () => {
    const texts = [
      "fetch('https://a.example');\n",
      'export {};\n',
      "import './b.ts';\n",
      'const = ;\n',
      "import './index.ts';\n",
    ];
    const session = new Session(folder);
    const edits: Record<string, string> = {};
    for (let i = 0; i < 25; i++) {
      const [path, text] = [['a.ts', 'b.ts', 'c.ts'][(i * 7) % 3]!, texts[(i * 11) % texts.length]!];
      edits[path] = text;
      session.update(path, text);
      const fresh = new Session(folder);
      for (const [changed, content] of Object.entries(edits)) fresh.update(changed, content);
      expect(render(await session.lint(), 'json')).toBe(render(await fresh.lint(), 'json'));
    }
  });
});
