import { describe, expect, it } from 'vitest';
import { restrict } from '../../../src/extract/system/restrict.ts';
import { addressOf } from '../../../src/extract/system/stores.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { readSystem } from '../../../src/lint/lint.ts';
import { jsonReport } from '../../../src/report/json.ts';
import { textReport } from '../../../src/report/text.ts';
import { extractors, lintOf } from '../../support/lint.ts';

const systemOf = async (files: Readonly<Record<string, string>>) =>
  (await readSystem(memoryWorkspace(Object.entries(files)), extractors)).model;

describe('what a rule sees', () => {
  it('is what it declared: anything else throws', async () => {
    const model = await systemOf({ 'src/a.ts': "fetch('x');\n" });
    const system = restrict(model, ['file', 'remote-call'], 'a-rule');
    expect([...system.facts('remote-call')]).toHaveLength(1);
    expect(() => system.nodes('module')).toThrow("a-rule reads 'module' without declaring it");
    expect(() => system.relations('imports')).toThrow("'imports'");
    expect(() => [...system.facts('endpoint')]).toThrow("'endpoint'");
    expect(() => system.owner('src/a.ts', 'deployable')).toThrow("'deployable'");
    expect(() => system.node('module:x')).toThrow("'module'");
    expect(() => system.node('file:gone.ts')).toThrow('does not have');
  });
});

describe('values across files and deployment', () => {
  const files = {
    'compose.yaml':
      'services:\n  cart:\n    build: ./cart\n    environment: { USER_URL: "http://user:8080" }\n  user: { build: ./user }\n',
    'cart/package.json': '{ "name": "cart" }',
    'cart/config.ts':
      "export const paths = { users: '/users/' };\nexport const base = process.env.USER_URL ?? 'http://localhost:1';\n",
    'cart/barrel.ts': "export * from './config.ts';\nexport { base as user } from './config.ts';\n",
    'cart/index.ts':
      "import { paths, user } from './barrel.ts';\nexport const find = (id: string) => fetch(`${user}${paths.users}${id}`);\n",
    'user/package.json': '{ "name": "user" }',
    'user/index.ts': 'export const a = 1;\n',
  };
  it('a call leads to the service that deployment names', async () => {
    const { relations } = await systemOf(files);
    expect(relations.calls.map(({ from, to, confidence }) => [from, to, confidence])).toEqual([
      ['deployable:cart', 'deployable:user', 'certain'],
    ]);
  });
  it('and without deployment to what the code falls back to, which is less sure', async () => {
    const { 'compose.yaml': _, ...rest } = files;
    const { relations } = await systemOf({
      ...rest,
      'cart/Dockerfile': 'FROM node:24\n',
      'user/Dockerfile': 'FROM node:24\n',
    });
    expect(relations.calls.map(({ to, confidence }) => [to, confidence])).toEqual([['external:localhost', 'likely']]);
  });
});

describe('addresses', () => {
  it.each([
    ['postgres://app:secret@db:5433/shop?sslmode=require', 'postgres://db:5433/shop'],
    ['postgresql://db/shop', 'postgres://db:5432/shop'],
    ['postgres://db/shop?schema=orders', 'postgres://db:5432/shop#orders'],
    ['jdbc:postgresql://db:5432/shop?currentSchema=orders', 'postgres://db:5432/shop#orders'],
    ['mongodb+srv://u:p@cluster.example/shop', 'mongodb://cluster.example:27017/shop'],
    ['mongodb://a:27017,b:27017/shop', 'mongodb://a:27017/shop'],
    ['redis://cache:6379', 'redis://cache:6379/'],
    ['https://example.com/x', undefined],
    ['postgres://${?}:5432/shop', undefined],
    ['just text', undefined],
  ])('%s', (url, id) => {
    expect(addressOf(url)?.id).toBe(id);
  });
});

describe('reports', () => {
  const files = { 'src/a.ts': "export const x = 1;\r\nexport const call = () => fetch('https://a.example');\r\n" };
  it('colour only what a terminal shows', async () => {
    const report = await lintOf(memoryWorkspace(Object.entries(files)));
    expect(textReport(report, { color: false })).not.toContain('\u001b');
    expect(textReport(report, { color: true })).toContain('\u001b[');
    expect(textReport(report, { color: false })).toContain(
      "    2 | export const call = () => fetch('https://a.example');\n",
    );
  });
  it('are stable for programs, with lines and columns from 1', async () => {
    const report = JSON.parse(jsonReport(await lintOf(memoryWorkspace(Object.entries(files)))));
    expect(Object.keys(report)).toEqual([
      'version',
      'exitCode',
      'findings',
      'suppressed',
      'accepted',
      'problems',
      'coverage',
    ]);
    const finding = report.findings.find(({ rule }: { rule: string }) => rule === 'missing-timeout');
    expect(finding).toEqual({
      rule: 'missing-timeout',
      severity: 'error',
      confidence: 'certain',
      subject: 'file:src/a.ts',
      message: 'fetch may wait for ever: no timeout here or on its client.',
      atoms: [expect.stringMatching(/:a\.ts#call#fetch$/)],
      fails: true,
      locations: [{ path: 'src/a.ts', line: 2, column: 27, endLine: 2, endColumn: 53 }],
    });
  });
});

describe('settings', () => {
  const lintWith = (lint: string) =>
    lintOf(
      memoryWorkspace([
        ['architecture.yaml', `version: 1\nname: x\n${lint}`],
        ['src/a.ts', "export const call = () => fetch('https://a.example');\n"],
        ['legacy/b.ts', "export const call = () => fetch('https://a.example');\n"],
      ]),
    );
  const of = async (lint: string) =>
    (await lintWith(lint)).findings
      .filter(({ rule }) => rule === 'missing-timeout')
      .map(({ severity, fails, at }) => [at[0].path, severity, fails]);
  it('severity by rule, and by path; the last one that speaks wins', async () => {
    expect(await of('')).toEqual([
      ['legacy/b.ts', 'error', true],
      ['src/a.ts', 'error', true],
    ]);
    expect(await of('lint: { rules: { missing-timeout: off } }')).toEqual([]);
    expect(await of('lint: { overrides: [{ paths: [legacy/**], rules: { missing-timeout: info } }] }')).toEqual([
      ['legacy/b.ts', 'info', false],
      ['src/a.ts', 'error', true],
    ]);
    expect(
      await of(
        'lint: { rules: { missing-timeout: off }, overrides: [{ paths: [legacy], rules: { missing-timeout: warning } }] }',
      ),
    ).toEqual([['legacy/b.ts', 'warning', true]]);
  });
  it('failOn says from where on a finding fails', async () => {
    expect(await of('lint: { rules: { missing-timeout: warning }, failOn: { severity: error } }')).toEqual([
      ['legacy/b.ts', 'warning', false],
      ['src/a.ts', 'warning', false],
    ]);
  });
  it('ignored files are no part of the system', async () => {
    expect(await of('lint: { ignore: [legacy] }')).toEqual([['src/a.ts', 'error', true]]);
  });
  it('a suppression accepts until its day; afterwards both it and the finding are reported', async () => {
    const until = (day: string) =>
      `lint: { suppress: [{ rule: missing-timeout, path: legacy/**, reason: goes away with it, owner: team, until: ${day} }] }`;
    expect(await of(until('2026-11-22'))).toEqual([['src/a.ts', 'error', true]]);
    const late = await lintWith(until('2026-11-21'));
    expect(late.findings.filter(({ rule }) => rule === 'suppression').map(({ message }) => message)).toEqual([
      'The suppression of missing-timeout ended on 2026-11-21.',
    ]);
    expect(late.findings.filter(({ rule }) => rule === 'missing-timeout')).toHaveLength(2);
  });
});
