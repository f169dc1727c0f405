import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Files = Iterable<readonly [path: string, content: string]>;

/** Writes files below a folder, and an empty `node_modules`, where tools keep what they remember. */
export function writeTree(folder: string, files: Files): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
}

/** Modules of `size` files with a contract and private insides; each file imports earlier ones of its module and one contract. */
export function* system(modules: number, size = 100): Files {
  const names = Array.from({ length: modules }, (_, i) => `m${i}`);
  yield* head(names.map((name, i) => `  ${name}: { path: modules/${name}${i > 0 ? `, uses: [m${i - 1}]` : ''} }\n`));
  for (const [m, name] of names.entries()) {
    yield [`modules/${name}/src/contract.ts`, `export interface Item { id: string }\nexport const version = ${m};\n`];
    for (let f = 1; f < size; f++) yield [`modules/${name}/src/file${f}.ts`, source(m, f)];
  }
}

/** `count` files in modules of 100, each of which imports the one before: a chain. Closed, it is one component of them all. */
export function* chain(count: number, closed = false): Files {
  const modules = Math.ceil(count / 100);
  yield* head(
    Array.from(
      { length: modules },
      (_, m) => `  m${m}: { path: modules/m${m}, public: ["**"], uses: [m${(m + modules - 1) % modules}] }\n`,
    ),
  );
  const path = (i: number) => `modules/m${Math.floor(i / 100)}/f${i}.ts`;
  for (let i = 0; i < count; i++) {
    const before = i > 0 ? i - 1 : closed ? count - 1 : undefined;
    const imported = before === undefined ? '' : `import { f${before} } from '../../${path(before)}';\n`;
    yield [
      path(i),
      `${imported}export const f${i} = (): number => ${before === undefined ? '0' : `f${before}() + 1`};\n`,
    ];
  }
}

function* head(modules: readonly string[]): Files {
  yield ['architecture.yaml', `version: 1\nname: large\nmodules:\n${modules.join('')}`];
  yield ['package.json', '{ "name": "large", "type": "module" }'];
  yield ['tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }'];
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
