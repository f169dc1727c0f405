import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ICruiseOptions } from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../../rules/catalogue.gen.ts';
import { diskWorkspace } from '../../../src/extract/workspace/disk.ts';
import { memoryWorkspace } from '../../../src/extract/workspace/memory.ts';
import { extractModules } from '../../../src/lint/dependency-cruiser/compat/extract.ts';
import { readConfiguration } from '../../../src/lint/dependency-cruiser/configuration.ts';
import { exportBoundaries } from '../../../src/lint/dependency-cruiser/export.ts';
import { foreignRules } from '../../../src/lint/dependency-cruiser/foreign.ts';
import { notNative } from '../../../src/lint/dependency-cruiser/options.ts';
import { reasonOf } from '../../../src/lint/dependency-cruiser/reasons.ts';
import { runCruise } from '../../../src/lint/dependency-cruiser/run.ts';
import { lint, readSystem } from '../../../src/lint/lint.ts';
import { extractors } from '../../support/lint.ts';
import { run as program } from '../../support/program.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
function folderWith(files: Iterable<readonly [string, string]>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'foreign-')));
  made.push(folder);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
const configured = (text: string, file = '.dependency-cruiser.js', more: readonly (readonly [string, string])[] = []) =>
  readConfiguration(memoryWorkspace([[file, text], ...more]));

describe('a dependency-cruiser configuration is read and not run', () => {
  it('as literals, in every module dialect', async () => {
    const forbidden = [{ name: 'a', severity: 'error', from: {}, to: { circular: true } }];
    const written = "{ forbidden: [{ name: 'a', severity: 'error', from: {}, to: { circular: true } }] }";
    for (const [file, text] of [
      [
        '.dependency-cruiser.js',
        `/** @type {import('dependency-cruiser').IConfiguration} */\nmodule.exports = ${written};`,
      ],
      ['.dependency-cruiser.cjs', `'use strict';\nconst config = ${written};\nmodule.exports = config;`],
      ['.dependency-cruiser.mjs', `export default ${written};`],
      [
        '.dependency-cruiser.ts',
        `import type { IConfiguration } from 'dependency-cruiser';\nexport default ${written} satisfies IConfiguration;`,
      ],
      ['.dependency-cruiser.json', `// words\n${written}`],
    ] as const) {
      expect((await configured(text, file))?.config, file).toEqual({ forbidden });
    }
  });
  it('with constants, spreads, concatenation and joined patterns', async () => {
    const found = await configured(`
      const folders = ['src', 'lib'], base = { severity: 'warn' };
      module.exports = { forbidden: [{ ...base, name: \`no-\${folders[1]}\`.trim === undefined ? '' : 'x', from: {}, to: {} }] };`).catch(
      (error: unknown) => error,
    );
    expect(found).toMatchObject({ message: expect.stringContaining('without running it') });
    const { config } = (await configured(`
      const folders = ['src', 'lib'], base = { severity: 'warn' }, names = { first: 'one' };
      module.exports = {
        forbidden: [{ ...base, name: names.first + '-' + \`\${names.first}\`, from: { path: ['^a', ...folders].join('|') }, to: {} }],
        options: { maxDepth: -1, tsConfig: {}, doNotFollow: undefined },
      };`))!;
    expect(config.forbidden).toEqual([{ severity: 'warn', name: 'one-one', from: { path: '^a|src|lib' }, to: {} }]);
    expect(config.options).toEqual({ maxDepth: -1, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: undefined });
  });
  it('with what it extends: presets, and files of the repository', async () => {
    const { config } = (await configured(
      "module.exports = { extends: ['./rules', 'dependency-cruiser/configs/recommended-strict'] };",
      undefined,
      [
        [
          'rules.json',
          '{ "forbidden": [{ "name": "no-circular", "severity": "info", "from": {}, "to": { "circular": true } }] }',
        ],
      ],
    ))!;
    const named = (name: string) => config.forbidden?.find((rule) => rule.name === name);
    expect(named('no-circular')?.severity).toBe('info');
    expect(named('not-to-unresolvable')?.severity).toBe('error');
  });
  it.each([
    ['a call', 'module.exports = make();', 1, 18],
    ['a statement that does something', "\nrequire('fs').rmSync('/');\nmodule.exports = {};", 2, 1],
    ['the name process', 'module.exports = { options: { exclude: process.env.X } };', 1, 40],
    ['a computed key or a method', 'module.exports = { get forbidden() { return []; } };', 1, 20],
    ['the name a', 'const a = b, b = a;\nmodule.exports = a;', 1, 18],
  ])('and refused with the place where it has to be run: %s', async (what, text, line, column) => {
    const error = await configured(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 2, place: { line, column } });
    expect((error as Error).message).toContain(what);
    expect((error as { next: string }).next).toMatch(/--trust-config.*SCALABLE_BACKEND_TRUST_CONFIG/);
  });
  it('and so are packages, circles and configurations of bundlers', async () => {
    await expect(configured("module.exports = { extends: 'somebody' };")).rejects.toThrow('no file of this repository');
    await expect(
      configured("module.exports = { extends: './a' };", undefined, [
        ['a.js', "module.exports = { extends: './.dependency-cruiser.js' };"],
      ]),
    ).rejects.toThrow('a circle');
    await expect(configured("module.exports = { options: { webpackConfig: { fileName: 'w.js' } } };")).rejects.toThrow(
      'has to be run',
    );
  });
  it('and run where the person says so', { timeout: 30_000 }, async () => {
    const folder = folderWith([
      [
        '.dependency-cruiser.cjs',
        "module.exports = { forbidden: ['a', 'b'].map((name) => ({ name, from: {}, to: {} })) };",
      ],
    ]);
    const found = await readConfiguration(diskWorkspace(folder), folder);
    expect(found?.config.forbidden?.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('every option is judged', () => {
  it.each<[ICruiseOptions, readonly string[]]>([
    [
      {
        tsPreCompilationDeps: true,
        doNotFollow: 'node_modules',
        exclude: 'dist',
        tsConfig: { fileName: 'tsconfig.json' },
      },
      [],
    ],
    [{ parser: 'tsc', detectJSDocImports: true, enhancedResolveOptions: { exportsFields: ['exports'] } }, []],
    [{}, ['tsPreCompilationDeps', 'parser']],
    [{ tsPreCompilationDeps: 'specify', parser: 'tsc' }, ['tsPreCompilationDeps']],
    [
      { tsPreCompilationDeps: true, externalModuleResolutionStrategy: 'yarn-pnp', experimentalStats: true },
      ['experimentalStats', 'externalModuleResolutionStrategy'],
    ],
    [{ tsPreCompilationDeps: true, newOption: 1 } as ICruiseOptions, ['newOption']],
    [
      { tsPreCompilationDeps: true, enhancedResolveOptions: { alias: {} } } as ICruiseOptions,
      ['enhancedResolveOptions'],
    ],
  ])('%j', (options, expected) => {
    expect(notNative(options)).toEqual(expected);
  });
});

/** A system of two modules in a ring, with an entry, an orphan and an import that leads nowhere. */
const project = (options: string): readonly (readonly [string, string])[] => [
  ['package.json', '{ "name": "x", "scripts": { "boundaries": "depcruise src --config" } }'],
  [
    '.dependency-cruiser.js',
    `module.exports = {
      forbidden: [
        { name: 'no-ring', severity: 'error', comment: 'Rings are hard to change', from: {}, to: { circular: true } },
        { name: 'no-orphan', severity: 'info', from: { orphan: true }, to: {} },
        { name: 'only-down', severity: 'warn', from: { path: '^src/b' }, to: { path: '^src/a' } },
        { name: 'never', severity: 'error', from: { path: '^src/nowhere' }, to: {} },
        { name: 'found', severity: 'error', from: {}, to: { couldNotResolve: true } },
      ],
      options: ${options},
    };`,
  ],
  ['src/a/index.ts', "import { b } from '../b/index.js';\nexport const a = () => b;\n"],
  ['src/b/index.ts', "import type { a } from '../a/index.js';\nexport const b: typeof a | 1 = 1;\n"],
  ['src/orphan.ts', 'export const lonely = 1;\n'],
  ['src/main.ts', "import './a/index.js';\nimport 'absent';\n"],
  ['other/not-cruised.ts', 'export const lonely = 1;\n'],
];

describe('rules of a repository', { timeout: 60_000 }, () => {
  const run = async (folder: string, engine: 'auto' | 'cruise' = 'auto') => {
    const workspace = diskWorkspace(folder);
    const { rules, notes } = await foreignRules({ root: folder, workspace, trusted: false, engine, run: true });
    const report = await lint({ workspace, extractors, rules, today: '2027-01-01' });
    return {
      report,
      notes,
      found: report.findings.map(
        ({ rule, severity, message, at }) => `${rule} ${severity} ${message} ${at[0].span[0]}`,
      ),
    };
  };
  it('are checked by dependency-cruiser on our graph, and become findings where the imports are', async () => {
    const { found, notes, report } = await run(folderWith(project('{ tsPreCompilationDeps: true }')));
    expect(found).toEqual([
      'dependency-cruiser/no-ring error src/a/index.ts → src/b/index.ts → src/a/index.ts. 18',
      'dependency-cruiser/only-down warning src/b/index.ts → src/a/index.ts. 23',
      'dependency-cruiser/found error src/main.ts → absent. 0',
      'dependency-cruiser/no-orphan info src/orphan.ts. 0',
    ]);
    expect(notes).toEqual(['.dependency-cruiser.js: 4 violations by dependency-cruiser, on our graph.']);
    expect(report.coverage.rules.map(({ rule, findings }) => [rule.id, findings])).toContainEqual([
      'dependency-cruiser/never',
      0,
    ]);
    expect(report.exitCode).toBe(1);
  });
  it('are asked for in each run, whatever is remembered', async () => {
    const folder = folderWith(project('{ tsPreCompilationDeps: true }'));
    for (let i = 0; i < 2; i++)
      expect((await program('lint', folder)).stderr).toContain('4 violations by dependency-cruiser, on our graph.');
  });
  it('are equal on its own graph, which it says when it is asked for or needed', async () => {
    const ours = await run(folderWith(project('{ tsPreCompilationDeps: true }')));
    const asked = await run(folderWith(project('{ tsPreCompilationDeps: true }')), 'cruise');
    expect(asked.found).toEqual(ours.found);
    expect(asked.notes[0]).toContain('on its own graph (--engine=cruise)');
    // The compiler takes imports of types out before this one looks.
    const needed = await run(folderWith(project("{ parser: 'acorn' }")));
    expect(needed.notes[0]).toContain('on its own graph (tsPreCompilationDeps, parser)');
    expect(needed.found.filter((each) => each.includes('no-ring'))).toEqual([]);
  });
  it('that search a component too large for them are refused within seconds, naming it', async () => {
    const size = 2001;
    const ring = Array.from(
      { length: size },
      (_, i) =>
        [`src/m${String(i).padStart(4, '0')}.ts`, `import './m${String((i + 1) % size).padStart(4, '0')}';\n`] as const,
    );
    const folder = folderWith([...ring, ...project('{ tsPreCompilationDeps: true }')]);
    await expect(run(folder)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^2001 modules form one component of cycles, from src\/m0000\.ts, /),
    });
  });
  it('of architecture.yaml, written as its rules, find what ours find', async () => {
    const folder = folderWith([
      ['package.json', '{ "name": "x", "private": true }'],
      [
        'architecture.yaml',
        'version: 1\nname: x\nmodules:\n  a: { path: modules/a, uses: [b] }\n  b: { path: modules/b }\n  c: { path: modules/c, public: ["**"] }\ndeployables:\n  api: { kind: server, path: deployables/api, hosts: [a, b, c] }\n',
      ],
      ['modules/a/contract.ts', 'export const a = 1;\n'],
      ['modules/a/use.ts', "import '../b/contract.ts';\nimport '../b/inside.ts';\nimport '../c/any.ts';\n"],
      ['modules/b/contract.ts', "import './inside.ts';\n"],
      ['modules/b/inside.ts', "import '../a/contract.ts';\n"],
      ['modules/c/any.ts', 'export const c = 1;\n'],
      ['deployables/api/main.ts', "import '../../modules/a/contract.ts';\nimport '../../modules/b/inside.ts';\n"],
    ]);
    const { model } = await readSystem(diskWorkspace(folder), extractors);
    const config = exportBoundaries(model);
    const { violations } = runCruise({
      engine: 'compat',
      root: folder,
      paths: ['modules', 'deployables'],
      graph: false,
      options: { ...config.options, ruleSet: config, validate: true } as ICruiseOptions,
    });
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort()).toEqual([
      'private-to-deployables-b: deployables/api/main.ts → modules/b/inside.ts',
      'private-to-modules-b: modules/a/use.ts → modules/b/inside.ts',
      'undeclared-by-a: modules/a/use.ts → modules/c/any.ts',
      'undeclared-by-b: modules/b/inside.ts → modules/a/contract.ts',
    ]);
  });
});

describe('export of layers', () => {
  const files: readonly (readonly [string, string])[] = [
    ['package.json', '{ "name": "shop" }'],
    [
      'modules/a/src/layer-domain/x.ts',
      "import '../layer-app/y.ts';\nimport '../../../b/src/layer-app/y.ts';\nimport './z.ts';\n",
    ],
    ['modules/a/src/layer-domain/z.ts', "import type {} from '../infra.ts';\n"],
    ['modules/a/src/layer-app/y.ts', "import '../layer-domain/z.ts';\nimport '../layer-infra/s.ts';\n"],
    ['modules/a/src/layer-infra/s.ts', "import '../layer-domain/z.ts';\nimport '../layer-app/y.ts';\n"],
    ['modules/a/src/infra.ts', 'export {};\n'],
    ['modules/b/src/layer-domain/x.ts', 'export {};\n'],
    ['modules/b/src/layer-app/y.ts', "import '../../../a/src/layer-infra/s.ts';\n"],
  ];
  const described = (layers: string) =>
    `version: 1\nname: shop\nmodules:\n  a: { path: modules/a, uses: [b], public: ["**"] }\n  b: { path: modules/b, uses: [a], public: ["**"] }\nlint: { layers: ["${layers}"] }\n`;
  it.each(['modules/*/src', 'modules/<m>/src', './modules/*/src'])(
    'gives what layer-order finds: %s',
    async (before) => {
      const folder = folderWith([...files, ['architecture.yaml', described(`${before}/layer-{domain,app,infra}`)]]);
      const workspace = diskWorkspace(folder);
      const config = exportBoundaries((await readSystem(workspace, extractors)).model);
      const { violations } = runCruise({
        engine: 'compat',
        root: folder,
        paths: ['modules'],
        graph: false,
        options: { ...config.options, ruleSet: config, validate: true } as ICruiseOptions,
      });
      expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort()).toEqual([
        'layer-1-app: modules/a/src/layer-app/y.ts → modules/a/src/layer-infra/s.ts',
        'layer-1-domain: modules/a/src/layer-domain/x.ts → modules/a/src/layer-app/y.ts',
      ]);
      const own = await lint({ workspace, extractors, rules, today: '2026-11-26', only: ['layer-order'] });
      expect(own.findings).toHaveLength(2);
    },
  );
  it('is refused where a name is there twice', async () => {
    const workspace = memoryWorkspace([...files, ['architecture.yaml', described('modules/*/src/layer-{domain,app}')]]);
    const { model } = await readSystem(workspace, extractors);
    const stacks = [{ before: 'modules/<m>/', order: ['a', 'b'], after: '/<m>' }];
    expect(() => exportBoundaries({ ...model, boundaries: { ...model.boundaries, stacks } })).toThrow('twice');
  });
});

describe('rules of a configuration, before they run', () => {
  const rulesIn = async (config: object) => {
    const folder = folderWith([['.dependency-cruiser.json', JSON.stringify(config)]]);
    const found = await foreignRules({
      root: folder,
      workspace: diskWorkspace(folder),
      trusted: false,
      engine: 'auto',
      run: false,
    });
    return found.rules.map(({ id, severity }) => `${id.replace('dependency-cruiser/', '')} ${severity}`);
  };
  it('are all of its kinds, as severe as it says', async () => {
    const any = { from: {}, to: {} };
    const severe = (severity: string) => ({ name: severity, severity, ...any });
    expect(await rulesIn({ forbidden: ['error', 'warn', 'info', 'ignore'].map(severe) })).toEqual([
      'error error',
      'warn warning',
      'info info',
    ]);
    expect(await rulesIn({ required: [{ name: 'needed', severity: 'error', module: {}, to: {} }] })).toEqual([
      'needed error',
    ]);
    expect(await rulesIn({ allowed: [any], allowedSeverity: 'error' })).toEqual(['not-in-allowed error']);
    expect(await rulesIn({ allowed: [any], allowedSeverity: 'ignore' })).toEqual([]);
  });
});

describe('our walk in the place of dependency-cruiser’s', () => {
  const imports: Readonly<Record<string, readonly object[]>> = {
    'a.js': [
      { resolved: 'b.js', followable: true, dynamic: false },
      { resolved: 'c.js', followable: true, dynamic: true },
    ],
    'b.js': [{ resolved: 'd.js', followable: true, dynamic: false }],
  };
  const walked = (options: object) =>
    extractModules
      .walk({
        gather: () => ['a.js'],
        dependenciesOf: (file) => (imports[file] ?? []) as never,
        clearCaches: () => {},
        prepare: () => {},
      })(['.'], { maxDepth: 0, exclude: {}, ...options } as never, { fileSystem: { purge: () => {} } }, undefined)
      .map(({ source, dependencies }) => `${source} ${dependencies.map(({ resolved }) => resolved).join(' ')}`.trim());
  it('follows imports, as deep as it is told', () => {
    expect(walked({})).toEqual(['a.js b.js c.js', 'b.js d.js', 'd.js', 'c.js']);
    expect(walked({ maxDepth: 1 })).toEqual(['a.js b.js c.js', 'b.js', 'c.js']);
  });
  it('leaves out what it is told to', () => {
    expect(walked({ exclude: { dynamic: true } })[0]).toBe('a.js b.js');
    expect(walked({ exclude: { dynamic: false } })[0]).toBe('a.js c.js');
  });
});

it('a difference that nothing explains has no reason', () => {
  const seen = { from: 'a.ts', spec: 'b', cruised: true, excludes: () => false, exists: () => true };
  const theirs = { resolved: 'b.ts', couldNotResolve: false, coreModule: false, dependencyTypes: ['local' as const] };
  const ours = { form: 'import', target: { external: 'b' } } as const;
  expect(reasonOf({ ...seen, ours, theirs })).toBeUndefined();
  expect(reasonOf({ ...seen, ours, theirs: { ...theirs, dependencyTypes: ['aliased'] } })).toBe('nearest-tsconfig');
  expect(reasonOf({ ...seen, ours, theirs, cruised: false })).toBe('excluded');
  expect(reasonOf({ ...seen, theirs })).toBe('form');
});
