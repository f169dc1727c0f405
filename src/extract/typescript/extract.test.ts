import { describe, expect, it } from 'vitest';
import type { Fact, FactKind } from '../../model/facts.ts';
import { recognisers } from '../catalogue.gen.ts';
import { extractText } from './extract.ts';
import { bestEngine, type Engine } from './parse.ts';

const engines: readonly Engine[] = [...new Set([bestEngine(), 'plain' as const])];
const factsOf = <K extends FactKind>(kind: K, text: string, engine?: Engine, known = recognisers.typescript ?? []) =>
  extractText('src/a.ts', text, known, engine).facts.filter((fact) => fact.kind === kind) as unknown as Fact<K>[];
const importsOf = (text: string, engine: Engine, known = recognisers.typescript) =>
  factsOf('import', text, engine, known).map(({ spec, form, typeOnly }) => [spec, form, typeOnly]);

describe.each(engines)('what imports, in the %s tree', (engine) => {
  it.each<[string, string, boolean]>([
    ["import 'x';", 'import', false],
    ["import a from 'x';", 'import', false],
    ["import * as a from 'x';", 'import', false],
    ["import { a } from 'x';", 'import', false],
    ["import {} from 'x';", 'import', false],
    ["import type { A } from 'x';", 'import', true],
    ["import { type A, type B } from 'x';", 'import', true],
    ["import { type A, b } from 'x';", 'import', false],
    ["import a, { type B } from 'x';", 'import', false],
    ["export { a } from 'x';", 'export', false],
    ["export { type A } from 'x';", 'export', true],
    ["export type { A } from 'x';", 'export', true],
    ["export * from 'x';", 'export', false],
    ["export * as a from 'x';", 'export', false],
    ["export type * from 'x';", 'export', true],
    ["const a = import('x');", 'dynamic', false],
    ['const a = () => import(`x`);', 'dynamic', false],
    ["let a: import('x').T;", 'type', true],
    ["const f = (a: typeof import('x')) => a;", 'type', true],
    ["import a = require('x');", 'require', false],
    ["import type A = require('x');", 'require', true],
    ["const a = require('x');", 'require', false],
    ["if (b) {\n  require('x');\n}", 'require', false],
    ["import { createRequire } from 'y';\nconst require = createRequire(z);\nrequire('x');", 'require', false],
    ["import { createRequire as make } from 'y';\nconst load = make(z);\nload('x');", 'require', false],
    ["import node from 'y';\nnode.createRequire(z)('x');", 'require', false],
    ["module.require('x');", 'require', false],
    ["require.resolve('x');", 'other', false],
    ["import.meta.resolve('x');", 'other', false],
    ["import('x'.concat ? 'x' : b);\nimport('x');", 'dynamic', false],
    ["import('' + 'x');", 'dynamic', false],
    ["const a = 'x';\nimport(`${a}`);", 'dynamic', false],
    ["function f() {\n  const a = 'x';\n  return require(a);\n}", 'require', false],
    ["declare module 'y' {\n  import { A } from 'x';\n}", 'import', false],
    ['/// <reference types="x" />', 'type', true],
  ])('%s', (text, form, typeOnly) => {
    for (const known of [recognisers.typescript, []])
      expect(importsOf(text, engine, known).filter(([spec]) => spec !== 'y' && spec !== '')).toEqual([
        ['x', form, typeOnly],
      ]);
  });
  it('a path beside the file, with and without a dot', () => {
    expect(importsOf('/// <reference path="x.ts" />\n/// <reference path="../y.ts" />', engine)).toEqual([
      ['./x.ts', 'type', true],
      ['../y.ts', 'type', true],
    ]);
  });
  it.each([
    ["require(path.join(__dirname, '../x', 'y'));", './../x/y'],
    ["require(__dirname + '/../x');", './../x'],
    ['import(`${__dirname}/x.ts`);', './x.ts'],
    ["new Worker(new URL('./x.js', import.meta.url));", './x.js'],
  ])('a file beside it: %s', (text, spec) => {
    const found = importsOf(`import path from 'node:path';\n${text}`, engine).slice(1);
    expect(found.map(([written]) => written)).toEqual([spec]);
  });
  it.each([
    'const f = (a) => import(a);',
    'let a = "x";\na = b;\nimport(a);',
    'import(`./${process.env.X}`);',
    "const a = 'x';\nfunction f(a) {\n  return import(a);\n}",
    'module.exports = require(process.argv[2]);',
  ])('what is only known when it runs: %s', (text) => {
    for (const known of [recognisers.typescript, []])
      expect(importsOf(text, engine, known).map(([spec]) => spec)).toEqual(['']);
  });
  it('nothing that only looks like it', () => {
    const text =
      "const require = (x) => x;\nrequire('x');\n// import 'x';\nconst a = \"import 'x'\";\nother.require('x');\nmodule.require;\n";
    expect(importsOf(text, engine)).toEqual([]);
  });
});

describe('what a recogniser is told of a call', () => {
  const call = (text: string) => factsOf('remote-call', text)[0];
  it('whether it is in a loop', () => {
    expect(call('fetch(a);')?.loop).toBe(0);
    for (const text of ['for (const a of b) fetch(a);', 'while (a) fetch(a);', 'b.map((a) => fetch(a));'])
      expect(call(text)?.loop).toBe(1);
    expect(call('for (const a of b) a.forEach(() => fetch(a));')?.loop).toBe(2);
    expect(call('b.then((a) => fetch(a));')?.loop).toBe(0);
  });
  it('whether it is in a transaction', () => {
    expect(call('db.transaction(async () => { await fetch(a); });')?.tx).toBe(true);
    expect(call('db.query(async () => { await fetch(a); });')?.tx).toBe(false);
  });
  it('that what a spread hides is unknown', () => {
    expect(call('fetch(...a);')?.timeout).toEqual({ k: 'unknown' });
    expect(call('fetch(a, { ...b });')?.timeout).toEqual({ k: 'unknown' });
    expect(call('fetch(a, {});')?.timeout).toBe('absent');
  });
});

describe('a recogniser is asked', () => {
  const connections = (text: string) => factsOf('connection', text).length;
  it.each([
    "import { Pool } from 'pg';\nnew Pool({ host: 'a' });",
    "const { Pool } = require('pg');\nnew Pool({ host: 'a' });",
    "const { Pool } = await import('pg');\nnew Pool({ host: 'a' });",
    "import mysql from 'mysql2/promise';\nmysql.createPool('mysql://a/b');",
    "import { createClient } from 'redis';\ncreateClient({ url: 'redis://a' });",
  ])('about %s', (text) => expect(connections(text)).toBe(1));
  it('about what lies below its package, and not about what is called alike', () => {
    const asked = (spec: string) => {
      const calls: string[] = [];
      const lib = {
        id: 'lib',
        version: 1,
        emits: [],
        when: { imports: ['lib'] },
        on: { call: () => calls.push(spec) },
      };
      extractText('a.ts', `import { a } from '${spec}';\na();\n`, [lib as never]);
      return calls.length;
    };
    expect(['lib', 'lib/sub', 'lib/sub/file.js', 'library', '@x/lib', './lib'].map(asked)).toEqual([1, 1, 1, 0, 0, 0]);
  });
  it('only where its library is imported', () => {
    expect(connections("import { Pool } from './pg.ts';\nnew Pool({ host: 'a' });")).toBe(0);
  });
});

it('a variable that is assigned twice has no value that could be known', () => {
  const target = (text: string) => factsOf('remote-call', text)[0]?.target.k;
  expect(target("let a = 'http://a';\nfetch(a);")).toBe('lit');
  expect(target("let a = 'http://a';\na = b;\nfetch(a);")).not.toBe('lit');
});
