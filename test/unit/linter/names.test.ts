import { describe, expect, it } from 'vitest';
import { defaultEntity } from '../../../src/blueprint/names.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { identities } from '../../../src/lint/cache/identify.ts';
import { nothingKept, remembering } from '../../../src/lint/cache/memory.ts';
import { lint } from '../../../src/lint/lint.ts';
import { own } from '../../../src/model/own.ts';
import { extractors, lintOf } from '../../support/lint.ts';
import { folderWith, removeFolders, run } from '../../support/program.ts';

/** Names that every JavaScript object has, chosen by a repository. */
describe('names that objects have by themselves', () => {
  it('are in a table only where somebody put them', () => {
    expect([own({ a: 1 }, 'constructor'), own({ a: 1 }, '__proto__'), own({ a: 1 }, 'a'), own(undefined, 'a')]).toEqual(
      [undefined, undefined, 1, undefined],
    );
  });

  it.each(['constructor', '__proto__', 'toString'])("a cache keeps where '%s' leads", async (spec) => {
    const files = (imported: string): [string, string][] => [
      ['package.json', '{"name":"x"}'],
      ['src/a.ts', `import '${imported}';\n`],
      ['src/b.ts', 'export {};\n'],
    ];
    const runWith = async (imported: string, old = nothingKept) => {
      const workspace = memoryWorkspace(files(imported));
      const found = remembering(old, { workspace, identify: identities(workspace, new Map()), installed: '' });
      const { coverage } = await lint({ workspace, extractors, rules: [], today: '2026-11-22', remembering: found });
      return { gaps: coverage.gaps, kept: JSON.parse(JSON.stringify(found.kept())) };
    };
    const fresh = await runWith(spec);
    const warm = await runWith(spec, (await runWith('./b')).kept);
    expect(warm).toEqual(fresh);
    expect((await runWith(spec, warm.kept)).gaps).toEqual(fresh.gaps);
    expect(Object.keys(fresh.kept.links.of['src/a.ts'])).toEqual([spec]);
  });

  it('name no language of files that are not read', async () => {
    const workspace = memoryWorkspace([
      ['constructor', ''],
      ['src/x.constructor', ''],
      ['src/a.ts', 'export {};\n'],
    ]);
    expect((await lintOf(workspace)).coverage.unread).toEqual([]);
  });

  it('are no resource that CloudFormation has', async () => {
    const template = 'Resources:\n  A: { Type: constructor }\n  F:\n    Type: AWS::Serverless::Function\n';
    const { cloudformation } = await import('../../../src/extract/cloudformation.ts');
    const { facts } = cloudformation.extract(
      { path: 'template.yaml', bytes: new TextEncoder().encode(template), digest: '' },
      [],
    );
    expect(facts).toMatchObject([{ kind: 'process', name: 'f' }]);
  });

  it('are no value that an object literal has', async () => {
    const { typescript } = await import('../../../src/extract/typescript/language.ts');
    const code = "const o = { __proto__: x, a: 'b' };\nfetch(o.constructor, { signal: o.a });\n";
    const source = { path: 'a.ts', bytes: new TextEncoder().encode(code), digest: '' };
    const { facts } = typescript.extract(source, extractors.recognisers.typescript!, true);
    const [call] = facts.filter(({ kind }) => kind === 'remote-call');
    expect(call).toMatchObject({ target: { k: 'unknown' } });
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it('may name a module', () => {
    expect(defaultEntity('constructor')).toBe('constructor');
  });
});

describe('numbers that JSON does not have', () => {
  it.each([
    ['a.ts', 'fetch(u, { signal: 1e999, a: 0 / 0, b: -0, c: -1e999 });\n'],
    ['a.py', 'import requests\nrequests.get(u, timeout=1e999)\n'],
  ])('are unknown: facts of %s are the same from a cache', async (path, code) => {
    const language = extractors.languages.find((each) => each.claims(path))!;
    await language.prepare?.();
    const source = { path, bytes: new TextEncoder().encode(code), digest: '' };
    const facts = language.extract(source, extractors.recognisers[language.id] ?? [], true);
    expect(facts.facts.some(({ kind }) => kind === 'remote-call')).toBe(true);
    expect(JSON.parse(JSON.stringify(facts))).toStrictEqual(facts);
  });
});

describe('what is wrong is said once, and by us', () => {
  it('a key of architecture.yaml that is a list', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    const { status, stderr } = await run(
      'lint',
      folderWith({ 'architecture.yaml': 'version: 1\nname: x\n? [a]\n: b\n', 'a.ts': 'export {};\n' }),
    );
    await new Promise(setImmediate);
    process.off('warning', listen);
    removeFolders();
    expect(status).toBe(2);
    expect(stderr).toContain('architecture.yaml');
    expect(warnings).toEqual([]);
  });

  it.each([
    '{ "extends": null }',
    '{ "extends": [1] }',
    '{ "forbidden": [null] }',
    '{ "allowed": 5 }',
    '{ "options": [] }',
  ])('a configuration of dependency-cruiser that is none: %s', async (configuration) => {
    const files = { '.dependency-cruiser.json': configuration, 'src/a.ts': 'export {};\n' };
    const { status, stderr } = await run('lint', folderWith(files));
    removeFolders();
    expect(status).toBe(2);
    expect(stderr).toContain('.dependency-cruiser.json: ');
    expect(stderr).not.toContain('    at ');
  });
});
