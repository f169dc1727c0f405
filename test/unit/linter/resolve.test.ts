import { describe, expect, it } from 'vitest';
import { linkTypeScript } from '../../../src/extract/typescript/resolve.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "root", "workspaces": ["packages/*"] }',
  'tsconfig.json':
    '{ /* shared */ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], "only": ["src/only.ts"] }, }, }',
  'src/main.ts': '',
  'src/only.ts': '',
  'src/util/index.ts': '',
  'src/util.ts': '',
  'src/folder/index.ts': '',
  'src/folder/only.ts': '',
  'src/both.ts': '',
  'src/both.js': '',
  'src/view.tsx': '',
  'src/data.json': '{}',
  'src/style.css': '',
  'packages/a/package.json':
    '{ "name": "@x/a", "main": "./dist/index.js", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" }, "./sub/*": "./dist/sub/*.js", "./internal": null }, "imports": { "#db": { "node": "./src/db/node.ts", "default": "./src/db/any.ts" }, "#lib/*": "./src/lib/*.ts" } }',
  'packages/a/tsconfig.json':
    '{ "extends": "../../tsconfig.json", "compilerOptions": { "baseUrl": ".", "outDir": "dist", "rootDir": "src", "paths": { "@/*": ["./src/*"] } } }',
  'packages/a/src/index.ts': '',
  'packages/a/src/sub/one.ts': '',
  'packages/a/src/lib/deep.ts': '',
  'packages/a/src/db/node.ts': '',
  'packages/a/src/db/any.ts': '',
  'packages/a/src/hidden.ts': '',
  'packages/lib/package.json': '{ "name": "@x/lib" }',
  'packages/lib/tsconfig.json': '{ "compilerOptions": { "paths": { "@x/lib/part": ["./src/part/public_api"] } } }',
  'packages/lib/src/part/public_api.ts': '',
  'packages/b/package.json': '{ "name": "b", "types": "lib/index.d.ts", "main": "lib/index.js" }',
  'packages/b/src/index.ts': '',
  'packages/b/src/main.ts': '',
  'packages/c/package.json':
    '{ "name": "c", "exports": { ".": "./dist/esm/index.js", "./types": "./dist/types/index.js" } }',
  'packages/c/src/index.ts': '',
  'packages/c/src/types/index.ts': '',
  'packages/d/tsconfig.json': '{ "extends": "../../tsconfig.json" }',
  'packages/d/src/main.ts': '',
};
const links = linkTypeScript(new Map(), memoryWorkspace(Object.entries(files)), () => []);

describe('what a specifier means', () => {
  it.each([
    ['src/main.ts', './util', 'src/util.ts'],
    ['src/main.ts', '@x/lib/part', 'packages/lib/src/part/public_api.ts'],
    ['src/main.ts', './util/index', 'src/util/index.ts'],
    ['src/main.ts', './util.js', 'src/util.ts'],
    ['src/main.ts', './folder', 'src/folder/index.ts'],
    ['src/main.ts', './both', 'src/both.ts'],
    // The same words mean another file in another folder.
    ['src/main.ts', './only', 'src/only.ts'],
    ['src/folder/index.ts', './only', 'src/folder/only.ts'],
    ['src/main.ts', './view.jsx', 'src/view.tsx'],
    ['src/main.ts', '.', undefined],
    ['src/util/index.ts', '..', undefined],
    ['src/main.ts', './data.json', 'src/data.json'],
    ['src/main.ts', './style.css?inline', 'src/style.css'],
    // The nearest tsconfig decides: `@/` is another folder in each package.
    ['src/main.ts', '@/only', 'src/only.ts'],
    ['packages/a/src/index.ts', '@/hidden', 'packages/a/src/hidden.ts'],
    ['src/main.ts', 'only', 'src/only.ts'],
    // What it extends speaks of its own folder.
    ['packages/d/src/main.ts', 'only', 'src/only.ts'],
    ['src/main.ts', 'src/util', 'src/util.ts'],
    // A package of the workspace, by its exports, led from what is not built to its source.
    ['src/main.ts', '@x/a', 'packages/a/src/index.ts'],
    ['src/main.ts', '@x/a/sub/one', 'packages/a/src/sub/one.ts'],
    ['packages/a/src/index.ts', '@x/a/sub/one', 'packages/a/src/sub/one.ts'],
    ['src/main.ts', 'b', 'packages/b/src/index.ts'],
    // `dist/esm` is a format, `dist/types` a folder of the source.
    ['src/main.ts', 'c', 'packages/c/src/index.ts'],
    ['src/main.ts', 'c/types', 'packages/c/src/types/index.ts'],
    // An output that is not built, of a package that does not say where it builds.
    ['packages/b/src/index.ts', '../lib/main.js', 'packages/b/src/main.ts'],
    // Not exported: it fails when it runs, and is still what the author means.
    ['src/main.ts', '@x/a/src/hidden.ts', 'packages/a/src/hidden.ts'],
    ['src/main.ts', '@x/a/hidden', 'packages/a/src/hidden.ts'],
    ['packages/a/src/index.ts', '#db', 'packages/a/src/db/node.ts'],
    ['packages/a/src/index.ts', '#lib/deep', 'packages/a/src/lib/deep.ts'],
    ['packages/a/src/index.ts', '../dist/lib/deep.js', 'packages/a/src/lib/deep.ts'],
  ])('%s imports %s', (from, spec, to) => {
    const target = links.resolve(from, spec);
    expect('to' in target ? target.to : undefined).toBe(to);
  });

  it.each([
    ['node:fs', 'node:fs'],
    ['fs', 'fs'],
    ['fs/promises', 'fs/promises'],
    ['express', 'express'],
    ['@scope/pkg/deep/file', '@scope/pkg'],
    ['https://deno.land/x/mod.ts', 'https://deno.land/x/mod.ts'],
    ['/absolute.js', '/absolute.js'],
    ['../../outside.ts', '../../outside.ts'],
  ])('%s is outside', (spec, name) => {
    expect(links.resolve('src/main.ts', spec)).toEqual({ external: name });
  });

  it.each([
    ['src/main.ts', './gone.ts'],
    ['src/main.ts', '@/gone'],
    ['src/main.ts', '@x/a/gone'],
    ['packages/a/src/index.ts', '#gone'],
    ['src/main.ts', './user.service'],
  ])('%s: %s leads nowhere inside', (from, spec) => {
    expect(links.resolve(from, spec)).toEqual({ unresolved: true, internal: true });
  });
});

describe('a name that only a manifest or a configuration explains', () => {
  const resolve = (more: Readonly<Record<string, string>>, spec: string, from = 'apps/web/src/main.ts') => {
    const system = {
      'package.json': '{"name":"root"}',
      'apps/web/package.json': '{"name":"web","dependencies":{"express":"5"}}',
      'apps/web/src/main.ts': '',
      'libs/core/package.json': '{"name":"@x/core"}',
      'libs/core/src/index.ts': '',
      'libs/core/src/user/model.ts': '',
      ...more,
    };
    return linkTypeScript(new Map(), memoryWorkspace(Object.entries(system)), () => []).resolve(from, spec);
  };
  const needs = (range: string) => ({ 'apps/web/package.json': `{"name":"web","dependencies":{"heart":"${range}"}}` });
  it.each([
    ['a package of the workspace under another name', needs('workspace:@x/core@*'), 'heart'],
    ['a package of the registry that is one of ours', needs('npm:@x/core@1.0.0'), 'heart'],
    ['a folder', needs('file:../../libs/core'), 'heart'],
    ['a link', needs('link:../../libs/core'), 'heart/src/index'],
    ['module-alias', { 'package.json': '{"_moduleAliases":{"@core":"libs/core/src"}}' }, '@core/index'],
    [
      'the folder of whoever extends',
      {
        'base/tsconfig.json': '{"compilerOptions":{"paths":{"@core/*":["${configDir}/libs/core/src/*"]}}}',
        'tsconfig.json': '{"extends":"./base/tsconfig.json"}',
      },
      '@core/index',
    ],
    [
      'a path that ends with a slash',
      { 'tsconfig.json': '{"compilerOptions":{"paths":{"~/*":["./libs/*"]}}}' },
      '~/core/src/',
    ],
  ] as [string, Record<string, string>, string][])('%s', (_, more, spec) => {
    expect(resolve(more, spec)).toMatchObject({ to: 'libs/core/src/index.ts' });
  });
  it.each([
    ['an alias of a bundler', {}, '@core/user/model'],
    ['a name that no package can have', {}, '@/anything'],
    ['another one', {}, '@models'],
    ['an alias that is called like its folder', {}, '@user/model'],
    ['NODE_PATH', {}, 'user/model'],
    ['a folder below baseUrl', { 'tsconfig.json': '{"compilerOptions":{"baseUrl":"."}}' }, 'libs/gone'],
    ['module-alias that leads nowhere', { 'package.json': '{"_moduleAliases":{"@core":"gone"}}' }, '@core/index'],
  ] as [string, Record<string, string>, string][])('%s is ours, and leads nowhere', (_, more, spec) => {
    expect(resolve(more, spec)).toEqual({ unresolved: true, internal: true });
  });
  it.each([
    ['a package that a manifest names, whatever is called like its parts', {}, 'express/user/model', 'express'],
    ['the types of one', { 'package.json': '{"devDependencies":{"@types/user":"1"}}' }, 'user/model', 'user'],
    ['a name of one word', {}, 'model', 'model'],
    ['a package that came with another one', {}, '@aws/model', '@aws/model'],
    ['a part of a package that nothing here is called like', {}, 'lodash/get', 'lodash'],
    ['a renamed package of the registry', needs('npm:other@1'), 'heart', 'heart'],
  ] as [string, Record<string, string>, string, string][])('%s is outside', (_, more, spec, external) => {
    expect(resolve(more, spec)).toEqual({ external });
  });
});
