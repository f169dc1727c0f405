import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { extractText } from '../../../src/extract/typescript/extract.ts';
import { bestEngine } from '../../../src/extract/typescript/parse.ts';
import { type FormOptions, importsOf } from '../../../src/lint/dependency-cruiser/compat/imports.ts';
import { extractByCompiler } from '../../../src/lint/dependency-cruiser/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every form of import, and what looks like one. */
const sources: readonly string[] = [
  "import a from './a'; import * as b from './b'; import { c } from './c'; import './d'; import e, { f } from './e';",
  "import type A from './a'; import type { B } from './b'; import { type C } from './c'; import { type D, d } from './d';",
  "import {} from './a'; import a, {} from './b'; import a2, { type B } from './c'; import type {} from './d';",
  "export * from './a'; export * as b from './b'; export { c } from './c'; export type { D } from './d'; export {} from './e';",
  "export type * from './a'; export { type B } from './b'; export { type C, c } from './c'; export const d = 1;",
  "import a = require('./a'); export import b = require('./b'); import type c = require('./c'); import d = a.b;",
  "const a = require('./a'), b = require(`./b`), c = require?.('./c'), d = require('./d')(require('./e'));",
  "const a = (require)('./a'), b = require.resolve('./b'), c = x.require('./c'), d = require(name), e = require('./e' + f);",
  "function f(require) { return require('./a'); }",
  "import('./a'); import(`./b`); import(`./${c}`); import('./d' + e); await import('./f', { with: { type: 'json' } });",
  "type A = import('./a').A; let b: import('./b').B; type C = typeof import('./c'); type D = import('./d').D<import('./e').E>;",
  "let a: Array<\n  import('./a').A\n>; function b(c: { d: import('./b').B }): import('./c').C { return d as import('./d').D; }",
  "class A<T extends import('./a').T> { b: import('./b').B; c = import('./c'); @d(import('./d')) e() {} }",
  "class A extends (await import('./a')).B {} class C extends require('./c').D {}",
  "const a: { b: import('./a').B }[] = [], { c }: import('./b').C = a; const d = <import('./c').D>a;",
  '/// <reference path="./a.ts" />\n/// <reference types="b" />\n/// <reference lib="c" />\n/// <amd-dependency path="d" name="e" />\nlet x;',
  "#!/usr/bin/env node\n/* a */ /// <reference path='a.ts' />\n'use strict';\n/// <reference path='./late.ts' />\n",
  '/// <reference no-default-lib="true"/>\n/// <reference path="./a.ts" no-default-lib="true"/>\n// <reference path="b" />\nexport {};',
  "// import './a'\n/* require('./b') */ const c = \"import './c'\", d = `require('./d')`, e = /import('.\\/e')/;",
  "declare module 'x' { import a from './a'; export { b } from './b'; type C = import('./c').C; }",
  "declare module 'x' { import a = require('./a'); } declare global { interface B { c: import('./c').C } }",
  "declare module 'x' { declare const a: import('./a').A; export default a; }",
  "export namespace A.B { export const c = require('./c'); }",
  "import a from 'fs'; import b from 'node:fs'; import c from './c.json' with { type: 'json' }; import './d.css?inline';",
  "import a from 'b!./a'; import '@scope/a/b'; import '#internal'; import 'https://example.com/a.js'; import '/absolute';",
  "import './a'; import './a'; const a = require('./a'); import type { A } from './a'; type B = import('./a').B;",
  "window.require('./a'); want('./b'); process.getBuiltinModule('node:fs'); globalThis.process.getBuiltinModule('c');",
  "export default class { static { import('./a'); } } export default () => import('./b');",
  "const a = <T,>(b: T) => require('./a'); const c = async function* () { for await (const d of import('./c')) yield d; };",
  "if (a) { var b = require('./b'); } label: for (;;) { try { require('./c'); } catch { require('./d'); } finally { break; } }",
  "a ? require('./a') : b ?? require('./b'); `${require('./c')}`; [...require('./d')]; ({ ...require('./e'), [require('./f')]: 1 });",
  "enum A { B = require('./a').length } export = require('./b');",
  "export { a as default, b as 'string name' } from './a'; import { 'string name' as c } from './c';",
  "import defer * as a from './a';",
  "import source b from './b';",
  'let a = ;',
  'import { a from "./a"; require("./b");',
  "import a from './a'\nimport b from './b'\nconst c = import()\n",
  "type A = import(`./a`).A; import './b';",
  "const a: import('./a').A; import type B, { c } from './b';",
  '',
];
const documented: readonly string[] = [
  "/** @import { A } from './a' */\n/** @import * as B from './b' */\nexport {};",
  "/** @import C, { D } from './c' */",
  "/**\n * Words about import('./no').\n * @type {import('./a').A}\n */\nexport const a = 1;",
  "/**\n * @param {import('./a').A} a what\n * @param {Map<string, import('./b').B>} b\n * @returns {Promise<import('./c').C>}\n */\nfunction f(a, b) {}",
  "/** @typedef {import('./a').A} A */\n/** @typedef {{ b: import('./b').B }} B */\nlet x;",
  "/**\n * @typedef {object} A\n * @property {import('./a').A} a\n */\nlet x;",
  "class A {\n  /** @type {import('./a').A} */\n  b;\n  /** @returns {import('./b').B} */\n  c() {}\n}",
  "const a = { /** @type {import('./a').A} */ b: 1 }; f(/** @type {import('./b').B} */ (a));",
  "/** @param {object} a\n * @param {import('./a').A} a.b */\nfunction f(a) {}",
  "/** @template {import('./a').A} T */\nfunction f() {}",
  "/** {@link import('./a')} and @type {import('./b').B} */\nlet x;",
  "/* @import { A } from './a' */\n// @type {import('./b')}\nlet x;",
  "/** @import { A } from 'a */\n/** @type {import('./b) } */\nlet x;",
  "/** @see {import('./a').A} */\nif (x) {}\n/** @type {import('./b').B} */\nexport { x };",
  "/** @type {typeof import('./a')} */ let a;\n/** @type {import(\"./b\").B | (c: import('./c').C) => void} */ let b;",
];

describe('imports in dependency-cruiser’s terms', { timeout: 60_000 }, () => {
  const check = (texts: readonly string[], options: FormOptions, extension: string) => {
    const names = texts.map((text, i) => {
      const name = `${i}.${extension}`;
      writeFileSync(join(folder, name), text);
      return name;
    });
    const oracle = extractByCompiler(folder, names, {
      moduleSystems: ['es6', 'cjs', 'tsd', 'amd'],
      exoticRequireStrings: [],
      ...options,
    });
    let left = 0;
    for (const [i, name] of names.entries()) {
      for (const engine of new Set([bestEngine(), 'plain' as const])) {
        const found = importsOf(name, texts[i]!, options, engine);
        if (found === undefined) left++;
        else expect(found, `${engine}: ${texts[i]}`).toEqual(oracle[name]);
      }
    }
    return left;
  };
  it('are those of its own extraction, in every form', () => {
    expect(check(sources, {}, 'ts')).toBeLessThanOrEqual(16);
    expect(check(sources, {}, 'mjs')).toBeLessThanOrEqual(60);
  });
  it('and under every option that adds one', () => {
    const options = {
      exoticRequireStrings: ['want', 'window.require'],
      detectProcessBuiltinModuleCalls: true,
      detectImportsInAmbientModules: true,
    };
    check(sources, options, 'ts');
    check(sources, options, 'cts');
    expect(check(documented, { detectJSDocImports: true }, 'js')).toBeLessThanOrEqual(18);
  });
});

describe('imports in our facts', () => {
  it('are the same in the fast and the plain tree, wherever a type may stand', () => {
    const annotated = [
      'A',
      '() => A',
      'Array<\n  A\n>',
      '[\n  A]',
      '{\n b?: A }',
      'B |\n A',
      'typeof A',
      'keyof (\nA)',
    ].flatMap((type) =>
      ['let a', 'export const a'].map((name) => `${name}: ${type.replace('A', "import('./a').A")} = b;`),
    );
    for (const text of [...sources, ...annotated]) {
      const [fast, plain] = [bestEngine(), 'plain' as const].map((engine) =>
        extractText('a.ts', text, [], engine).facts.filter(({ kind }) => kind === 'import'),
      );
      expect(fast, text).toEqual(plain);
    }
  });
});
