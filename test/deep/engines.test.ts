import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ICruiseOptions, IModule } from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';
import { packageOf } from '../../src/blueprint/names.ts';
import { recognisers } from '../../src/extract/catalogue.gen.ts';
import { extractText } from '../../src/extract/typescript/extract.ts';
import { typescript } from '../../src/extract/typescript/language.ts';
import { diskWorkspace } from '../../src/extract/workspace/disk.ts';
import { defaultOptions } from '../../src/lint/dependency-cruiser/options.ts';
import { compareGraphs, verifyEngine } from '../../src/lint/dependency-cruiser/verify.ts';
import { readSystem } from '../../src/lint/lint.ts';
import { blueprintOf, graphs, monoliths, planOf } from '../support/blueprints.ts';
import { extractors } from '../support/lint.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
function folderWith(
  files: Iterable<readonly [string, string | Uint8Array]>,
  links: Readonly<Record<string, string>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  made.push(folder);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(folder, target), join(folder, path));
  }
  return folder;
}

describe('the fast and the plain tree give the same facts', () => {
  const paths = globSync(['src/**/*.ts', 'rules/**/*.{ts,cts,js}', 'templates/**/*.ts'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  it('for every source file here', { timeout: 60_000 }, () => {
    expect(paths.length).toBeGreaterThan(100);
    for (const path of paths) {
      const text = readFileSync(join(root, path), 'utf8');
      const known = recognisers.typescript ?? [];
      const [lazy, plain] = [extractText(path, text, known, 'lazy'), extractText(path, text, known, 'plain')];
      expect(lazy, path).toEqual(plain);
    }
  });

  it('an outline leaves out nothing but calls and functions', { timeout: 60_000 }, () => {
    const known = recognisers.typescript ?? [];
    const linking = ['import', 'suppression'];
    let outlined = 0;
    for (const path of paths) {
      const text = readFileSync(join(root, path), 'utf8');
      const [whole, needed] = [extractText(path, text, known), extractText(path, text, known, 'lazy', false)];
      expect(needed.names, path).toEqual(whole.names);
      const left = (facts: typeof whole.facts) => facts.map(({ fn: _, ...fact }) => fact);
      const rest = whole.facts.filter(({ kind }) => kind !== 'call');
      expect(left(needed.facts), path).toEqual(left(rest));
      if (needed.functions.length > 0 || whole.functions.length === 0) continue;
      expect(
        rest.filter(({ kind }) => !linking.includes(kind)),
        path,
      ).toEqual([]);
      outlined++;
    }
    expect(outlined).toBeGreaterThan(50);
  });
});

/** Imports in each form, by relative path, alias, package, subpath and output name. */
const forms: readonly (readonly [string, string])[] = [
  [
    'package.json',
    '{ "name": "root", "private": true, "workspaces": ["packages/*"], "imports": { "#lib/*": "./src/lib/*.ts" } }',
  ],
  [
    'tsconfig.json',
    '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext", "allowJs": true, "paths": { "@app/*": ["./src/*"] } } }',
  ],
  [
    'packages/b/package.json',
    '{ "name": "@x/b", "type": "module", "exports": { ".": "./src/index.ts", "./deep": "./src/deep.ts" } }',
  ],
  ['packages/b/src/index.ts', "export * from './deep.ts';\nexport const b = 1;\n"],
  ['packages/b/src/deep.ts', 'export const deep = 1;\nexport type T = number;\n'],
  ['packages/c/package.json', '{ "name": "@x/c", "type": "module", "exports": "./src/index.ts" }'],
  ['packages/c/src/index.ts', 'export const c = 1;\n'],
  ['src/lib/one.ts', 'export const one = 1;\nexport type One = number;\n'],
  ['src/lib/two.ts', "import { one } from './one.js';\nexport const two = one;\n"],
  ['src/lib/index.ts', "export { one } from './one.ts';\nexport * as all from './two.ts';\n"],
  ['src/data.json', '{ "a": 1 }'],
  ['src/clause.ts', "import type { One } from './lib/one.ts';\nexport type X = One;\n"],
  ['src/specifier.ts', "import { type One, one } from './lib/one.ts';\nexport const x: One = one;\n"],
  ['src/side.ts', "import './lib/two.ts';\n"],
  ['src/folder.ts', "import { one } from './lib/index.ts';\nexport const x = one;\n"],
  ['src/alias.ts', "import { two } from '@app/lib/two.ts';\nexport const x = two;\n"],
  [
    'src/package.ts',
    "import { b } from '@x/b';\nimport { deep } from '@x/b/deep';\nimport { c } from '@x/c';\nexport const x = [b, c, deep];\n",
  ],
  ['src/hash.ts', "import { one } from '#lib/one';\nexport const x = one;\n"],
  ['src/dynamic.ts', 'export const x = () => [import("./lib/one.ts"), import(`./lib/two.ts`)];\n'],
  ['src/type.ts', "export type X = import('./lib/one.ts').One;\n"],
  ['src/variable.ts', "export let x: import('./lib/one.ts').One = 1;\n"],
  ['src/equals.cts', "import one = require('./lib/one.ts');\nexport = one;\n"],
  ['src/require.cjs', "const { one } = require('./lib/one.ts');\nmodule.exports = one;\n"],
  ['src/slash.ts', '/// <reference path="./lib/one.ts" />\nexport {};\n'],
  ['src/json.ts', "import data from './data.json' with { type: 'json' };\nexport const x = data;\n"],
  [
    'src/fooled.ts',
    "// import './lib/one.ts'\nexport const s = \"import './lib/two.ts'\";\nexport const t = `require('./lib/one.ts')`;\n",
  ],
  [
    'src/builtin.ts',
    "import { readFile } from 'node:fs';\nimport zod from 'zod';\nexport const x = [readFile, zod];\n",
  ],
];

describe('imports equal those of dependency-cruiser', { timeout: 120_000 }, () => {
  async function verified(folder: string, options?: ICruiseOptions) {
    const workspace = diskWorkspace(folder);
    const { model } = await readSystem(workspace, extractors);
    const files = new Map([...model.files].filter(([path]) => typescript.claims(path)));
    const exists = (path: string) => workspace.files.has(path);
    return verifyEngine({
      root: realpathSync(folder),
      paths: [...files.keys()],
      options: options ?? defaultOptions(exists),
      files,
      links: typescript.link!(files, workspace, () => []),
      exists,
    });
  }
  it('in every syntactic form and kind of name', async () => {
    const result = await verified(folderWith(forms, { 'node_modules/@x/b': 'packages/b' }));
    expect(result.differences).toEqual([]);
    // This one is not installed, so dependency-cruiser cannot follow the package's name.
    expect(result.explained.map(({ ours, reason }) => [ours, reason])).toEqual([
      ['packages/c/src/index.ts', 'workspace-package'],
    ]);
    expect(result.edges).toBeGreaterThanOrEqual(19);
  });

  it('in a generated system', async () => {
    const blueprint = blueprintOf(monoliths[0]!, graphs[1]!);
    const files = planOf(blueprint).map(({ path, content }) => [path, content as string | Uint8Array] as const);
    const links = Object.fromEntries([
      ...blueprint.modules.map(({ name, path }) => [`node_modules/@shop/${name}`, path]),
      ...blueprint.deployables.map((one) => [`node_modules/${packageOf(blueprint.name, one)}`, one.path]),
      ['node_modules/@shop/platform', 'packages/platform'],
    ]) as Record<string, string>;
    const result = await verified(
      folderWith(
        files.filter(([path]) => !path.endsWith('.tgz')),
        links,
      ),
    );
    expect(result.differences).toEqual([]);
    expect(result.explained).toEqual([]);
    expect(result.edges).toBeGreaterThan(200);
  });

  it('and where ours leads elsewhere, it says why', async () => {
    const result = await verified(
      folderWith([
        ['package.json', '{ "name": "root", "private": true, "workspaces": ["packages/*"] }'],
        ['tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./packages/a/src/*"] } } }'],
        ['packages/a/package.json', '{ "name": "@x/a", "main": "dist/index.js" }'],
        ['packages/a/tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }'],
        ['packages/a/src/index.ts', "export * from '@/util.ts';\n"],
        ['packages/a/src/util.ts', 'export const a = 1;\n'],
        ['packages/b/package.json', '{ "name": "@x/b", "imports": { "#deep": { "source": "./src/deep.ts" } } }'],
        ['packages/b/tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }'],
        ['packages/b/src/util.ts', 'export const b = 1;\n'],
        ['packages/b/src/deep.ts', 'export const deep = 1;\n'],
        ['packages/b/src/nearest.ts', "import { b } from '@/util.ts';\nexport const x = b;\n"],
        ['packages/b/src/workspace.ts', "import * as a from '@x/a';\nexport const x = a;\n"],
        ['packages/b/src/output.ts', "import * as a from '../../a/dist/util.js';\nexport const x = a;\n"],
        ['packages/b/src/subpath.ts', "import { deep } from '#deep';\nexport const x = deep;\n"],
        [
          'packages/b/src/ambient.d.ts',
          "declare module 'x' {\n  import { b } from './util.ts';\n  export const x: typeof b;\n}\n",
        ],
        ['packages/b/src/shadowed.cjs', "exports.x = (require) => require('./util.ts');\n"],
        ['packages/b/src/style.ts', "import './style.css';\nexport {};\n"],
        ['packages/b/src/style.css', 'a {}\n'],
        ['packages/b/src/skipped.ts', "import '../tmp/skipped.ts';\nexport {};\n"],
        ['packages/b/tmp/skipped.ts', 'export {};\n'],
        ['packages/b/src/excluded.ts', "import './generated/one.ts';\nexport {};\n"],
        ['packages/b/src/generated/one.ts', "import '../util.ts';\nexport {};\n"],
      ]),
      {
        tsPreCompilationDeps: true,
        tsConfig: { fileName: 'tsconfig.json' },
        exclude: { path: 'generated/' },
        enhancedResolveOptions: { extensions: ['.ts', '.cjs'] },
      },
    );
    expect(result.differences).toEqual([]);
    expect(result.explained.map(({ from, reason }) => `${from.slice('packages/b/src/'.length)} ${reason}`)).toEqual([
      'ambient.d.ts form',
      'excluded.ts excluded',
      'generated/one.ts excluded',
      'nearest.ts nearest-tsconfig',
      'output.ts output-source',
      'shadowed.cjs form',
      'skipped.ts not-read',
      'subpath.ts package-imports',
      'workspace.ts workspace-package',
    ]);
  });

  it('and a graph that differs is told import by import', () => {
    const edge = (resolved: string) => ({ module: './b', resolved, couldNotResolve: false, coreModule: false });
    const graph = (to: string) => [{ source: 'a.ts', dependencies: [edge(to)] }] as unknown as IModule[];
    expect(compareGraphs(graph('b.ts'), graph('b.ts'))).toEqual([]);
    expect(compareGraphs(graph('b.ts'), graph('b.js'))).toEqual([
      { from: 'a.ts', spec: './b', ours: 'b.ts', theirs: undefined },
      { from: 'a.ts', spec: './b', ours: undefined, theirs: 'b.js' },
    ]);
  });
});
