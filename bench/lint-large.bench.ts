import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, median, pairedRatio, rounds } from './bench.ts';
import { measure } from './support/command.ts';

const [MODULES, FILES] = [100, 100];

/** Modules with a contract and private insides; each file imports earlier ones of its module and one contract. */
function* files(): Iterable<readonly [path: string, content: string]> {
  const names = Array.from({ length: MODULES }, (_, i) => `m${i}`);
  const modules = names.map((name, i) => `  ${name}: { path: modules/${name}${i > 0 ? `, uses: [m${i - 1}]` : ''} }\n`);
  yield ['architecture.yaml', `version: 1\nname: large\nmodules:\n${modules.join('')}`];
  yield ['package.json', '{ "name": "large", "type": "module" }'];
  yield ['tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }'];
  for (const [m, name] of names.entries()) {
    yield [`modules/${name}/src/contract.ts`, `export interface Item { id: string }\nexport const version = ${m};\n`];
    for (let f = 1; f < FILES; f++) yield [`modules/${name}/src/file${f}.ts`, source(m, f)];
  }
}
function source(m: number, f: number): string {
  const before = [1, 2, 5].flatMap((step) => (f > step ? [f - step] : []));
  const imports = [
    ...before.map((each) => `import { run${each} } from './file${each}.ts';`),
    ...(m > 0 ? [`import { version, type Item } from '../../m${m - 1}/src/contract.ts';`] : []),
  ];
  const functions = Array.from(
    { length: 12 },
    (_, i) =>
      `export function step${i}(values: readonly number[], limit = ${i}): number {\n  let sum = 0;\n  for (const value of values) {\n    if (value > limit) sum += Math.max(value, limit);\n    else sum -= value;\n  }\n  return sum;\n}\n`,
  );
  const calls = before.map((each) => `run${each}(values)`).join(' + ') || '0';
  const own = m > 0 ? 'export const item = (id: string): Item => ({ id: `${version}-${id}` });\n' : '';
  return `${imports.join('\n')}\n${own}${functions.join('')}export const run${f} = (values: readonly number[]): number => step0(values) + ${calls};\n`;
}

const config = `module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'boundary', severity: 'error', from: { path: '^modules/([^/]+)/' },
      to: { path: '^modules/[^/]+/src/(?!contract)', pathNot: '^modules/$1/' } },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, skipAnalysisNotInRules: true,
    moduleSystems: ['es6', 'cjs'], doNotFollow: { path: 'node_modules' } },
};\n`;

/** Boundaries and cycles of 10,000 files: ours from source, without a cache and with it, and dependency-cruiser. */
export const bench: Bench = {
  title: 'Linting 10,000 files',
  async run() {
    const tree = mkdtempSync(join(tmpdir(), 'bench-large-'));
    try {
      for (const [path, content] of files()) {
        mkdirSync(dirname(join(tree, path)), { recursive: true });
        writeFileSync(join(tree, path), content);
      }
      writeFileSync(join(tree, 'cruise.cjs'), config);
      mkdirSync(join(tree, 'node_modules'));
      const program = fileURLToPath(new URL('../bin/scalable-backend.ts', import.meta.url));
      const lint = (...more: readonly string[]) =>
        measure([program, 'lint', '.', '--rule', 'module-boundary', '--rule', 'cyclic-dependency', ...more], {
          cwd: tree,
        });
      const cruiser = fileURLToPath(new URL('../node_modules/.bin/depcruise', import.meta.url));
      const cruise = () => measure([cruiser, '--config', 'cruise.cjs', 'modules'], { cwd: tree });
      const cold = await pairedRatio(
        3,
        async () => lint('--no-cache').cpuS,
        async () => cruise().cpuS,
      );
      const warm = await rounds(5, async () => lint().cpuS);
      return [
        { name: 'CPU of lint, cold', value: cold.subject, unit: 's' },
        { name: 'CPU of dependency-cruiser', value: cold.peer, unit: 's' },
        {
          name: 'lint / dependency-cruiser',
          value: cold.value,
          unit: 'x',
          ...(cold.spread && { spread: cold.spread }),
        },
        { name: 'CPU of lint, unchanged', value: median(warm), unit: 's' },
        { name: 'peak memory of lint, cold', value: lint('--no-cache').peakMiB, unit: 'MiB' },
      ];
    } finally {
      rmSync(tree, { recursive: true });
    }
  },
};
