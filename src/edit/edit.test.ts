import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blueprintOf, catalogue, combinations, graphs, planOf, unusual } from '../../test/support/blueprints.ts';
import { camel } from '../blueprint/names.ts';
import { consumerPart, jobPart, operationPart, partOf } from '../plan/part.ts';
import { consumedIn, withItem } from './list.ts';
import { stated, withHandler, withOperation, withPart } from './operation.ts';
import { exported } from './source.ts';

const root = join(import.meta.dirname, '../..');
const blueprint = blueprintOf(combinations.at(-1)!, graphs[1]!);
const generated = new Map(planOf(blueprint).map(({ path, content }) => [path, String(content)]));
const fileOf = (path: string) => ({ path, text: generated.get(path)! });
const contract = fileOf('modules/catalog/src/contract.ts');
const main = fileOf('modules/catalog/src/module.ts');
const jobs = fileOf('modules/catalog/src/jobs.ts');
const consumers = fileOf('modules/catalog/src/consumers.ts');

const entry = {
  name: 'archiveProduct',
  lines: "archiveProduct: operation({\n  method: 'POST',\n  path: '/archive',\n})",
};
const handler = { name: 'archiveProduct', from: './app/archive-product.ts' };
const item = { name: 'sendReminder', from: './jobs/send-reminder.ts' };

interface Case {
  readonly what: string;
  readonly text: string;
  readonly edit: (text: string) => string;
}
const cases: readonly Case[] = [
  { what: 'an operation', text: contract.text, edit: (text) => withOperation({ path: 'c.ts', text }, entry) },
  { what: 'a handler', text: main.text, edit: (text) => withHandler({ path: 'm.ts', text }, handler, '') },
  { what: 'a job', text: jobs.text, edit: (text) => withItem({ path: 'j.ts', text }, 'jobs', item, '') },
  { what: 'a consumer', text: consumers.text, edit: (text) => withItem({ path: 'k.ts', text }, 'consumers', item, '') },
];

/** What a person may have done to a file without giving it another shape. */
type Touch = (text: string, at: number) => string;
const atLine = (text: string, at: number, line: string): string => {
  // Between statements and members only: never inside a string, an argument list or a comment.
  const lines = text.split('\n');
  const places = lines.flatMap((one, index) => (/^(?:import .*|\s*\w+(?:: .*)?,|\s*\}\),)$/.test(one) ? [index] : []));
  const place = places[at % Math.max(1, places.length)] ?? 0;
  return lines.toSpliced(place, 0, line).join('\n');
};
const touches: readonly Touch[] = [
  (text, at) => atLine(text, at, `// note ${at}`),
  (text, at) => atLine(text, at, `/* block ${at}, with a comma, */`),
  (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  (text) => (text.startsWith('\uFEFF') ? text : `\uFEFF${text}`),
  (text) => text.replace(/(\n {2,}[^\n]*\}\),)(\n {2}\})/, '$1 // the last one$2'),
  (text) => text.replace(/,(\n *\},?\n)/, '$1'),
  (text) => `${text}\n// the end`,
  (text) => text.replace(/export const (jobs|consumers) = (\[[\s\S]*?\]);/, 'const all = $2;\nexport const $1 = all;'),
  (text) =>
    text.replace(/create: \((ctx: Context)\) => \(\{([\s\S]*)\}\),/, 'create: ($1) => {\n    return {$2};\n  },'),
  (text) => text.replaceAll(/^import (.*) from '(.*)';$/gm, 'import $1 from "$2";'),
];
const touched = fc.array(fc.tuple(fc.nat(touches.length - 1), fc.nat(200)), { maxLength: 6 });
const apply = (text: string, all: readonly (readonly [number, number])[]) =>
  all.reduce((now, [which, at]) => touches[which]!(now, at), text);

/** What was there, without white space and with the commas of literals aside, must still be there in this order. */
const isKept = (before: string, after: string): boolean => {
  const bare = (text: string) => text.replace(/[\s,]+/g, '');
  const [small, large] = [bare(before), bare(after)];
  let at = 0;
  for (const letter of large) if (letter === small[at]) at++;
  return at === small.length;
};

describe.each(cases)('$what is added', ({ text, edit }) => {
  it('to a file that people wrote on: everything of it stays, in its order, and the second time nothing happens', () => {
    fc.assert(
      fc.property(touched, (list) => {
        const before = apply(text, list);
        const after = edit(before);
        expect(after).not.toBe(before);
        expect(isKept(before, after)).toBe(true);
        expect(after.split('\n').length - before.split('\n').length).toBeLessThanOrEqual(12);
        expect(after.startsWith('\uFEFF')).toBe(before.startsWith('\uFEFF'));
        if (before.includes('\r\n')) expect(/[^\r]\n/.test(after)).toBe(false);
        expect(edit(after)).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  it('without touching any other line', () => {
    const lines = new Set(edit(text).split('\n'));
    const lost = text.split('\n').filter((line) => !lines.has(line));
    expect(lost.every((line) => /^export const jobs = \[/.test(line))).toBe(true);
  });
});

describe('what a file says', () => {
  it('its operations, their routes, and its events', () => {
    const { operations, events } = stated(contract);
    expect(operations).toContainEqual({ name: 'getProduct', method: 'GET', path: '/products/{id}' });
    expect(events).toEqual(['productCreated', 'productUpdated', 'productDeleted']);
  });

  it('the events that it consumes in place', () => {
    expect(consumedIn(fileOf('modules/orders/src/consumers.ts'))).toContain('catalogContract.events.productDeleted');
  });

  it('what it exports', () => {
    expect([...exported(fileOf('modules/catalog/src/infra/repository.ts'))]).toContain('find');
  });
});

describe('a module that gives no consumers and jobs', () => {
  const bare = {
    path: 'm.ts',
    text: main.text.replace(/^ {4}consumers,\n/m, '').replace(/^import \{ consumers.*\n/m, ''),
  };

  it('gets the list, and its import', () => {
    const text = withPart(bare, 'consumers', '');
    expect(text).toContain("import { consumers } from './consumers.ts';\n");
    expect(text).toMatch(/^ {4}consumers,$/m);
    expect(withPart({ path: 'm.ts', text }, 'consumers', '')).toBe(text);
  });
});

describe('a list', () => {
  const jobsOf = (list: string) => ({
    path: 'j.ts',
    text: `import { a } from './a.ts';\n\nexport const jobs = ${list};\n`,
  });
  const long = Array.from({ length: 10 }, (_, index) => `aJobWithALongName${index}`);
  it.each([
    ['[]', '[sendReminder]'],
    ['[a]', '[a, sendReminder]'],
    ['[a] as const', '[a, sendReminder] as const'],
    ['[a, /* why */ b]', '[a, /* why */ b, sendReminder]'],
    ['[\n  a, // first\n  b // last\n]', '[\n  a, // first\n  b, // last\n  sendReminder\n]'],
    [`[${long.slice(0, 5).join(', ')}]`, `[\n  ${long.slice(0, 5).join(',\n  ')},\n  sendReminder,\n]`],
  ])('%s', (before, after) => {
    expect(withItem(jobsOf(before), 'jobs', item, '').split('export const jobs = ')[1]).toBe(`${after};\n`);
  });
});

describe('a shape that is not known', () => {
  it.each([
    [
      'no contract',
      () => withOperation({ path: 'a/contract.ts', text: 'export const x = 1;\n' }, entry),
      'a/contract.ts:1:1',
    ],
    [
      'computed operations',
      () =>
        withOperation({ path: 'a/contract.ts', text: "const c = defineContract('a', { operations: all() });" }, entry),
      'a/contract.ts:1:31',
    ],
    [
      'two modules',
      () => withHandler({ path: 'm.ts', text: 'defineModule({});\ndefineModule({});' }, handler, 'x: x(ctx),'),
      'm.ts:1:1',
    ],
    [
      'no function',
      () => withHandler({ path: 'm.ts', text: 'defineModule({ create: make });' }, handler, 'x: x(ctx),'),
      'm.ts:1:14',
    ],
    [
      'no list',
      () => withItem({ path: 'jobs.ts', text: '\nexport const jobs = make();' }, 'jobs', item, 'sendReminder,'),
      'jobs.ts:2:14',
    ],
    [
      'no TypeScript',
      () => withItem({ path: 'jobs.ts', text: 'export const jobs = [;' }, 'jobs', item, 'sendReminder,'),
      'jobs.ts:1:22',
    ],
  ])('%s: names the place, and the lines to add by hand', (_, edit, place) => {
    let error: { place?: { file: string; line: number; column: number }; next?: string; exitCode?: number } = {};
    try {
      edit();
    } catch (thrown) {
      error = thrown as typeof error;
    }
    const { file, line, column } = error.place!;
    expect(`${file}:${line}:${column}`).toBe(place);
    expect(error.exitCode).toBe(2);
    expect(error.next).toMatch(/by hand[\s\S]*(archiveProduct: operation|x: x\(ctx\)|sendReminder,)/);
  });
});

describe('any name', () => {
  let tree: string;
  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'edit-'));
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('gives files that are formatted and lint clean, also where they are edited again and again', () => {
    const written = new Map<string, string>();
    for (const graph of [...unusual, ...graphs.map((one) => ({ ...one, name: 'shop' }))]) {
      const each = blueprintOf(combinations.at(-1)!, graph, graph.name);
      const plan = new Map(planOf(each).map(({ path, content }) => [path, String(content)]));
      // Every system has the same rules: one run checks the files of all.
      expect([undefined, plan.get('biome.json')]).toContain(written.get('biome.json'));
      written.set('biome.json', plan.get('biome.json')!);
      for (const module of each.modules) {
        const at = (file: string) => `${module.path}/src/${file}`;
        const texts = new Map(
          ['contract.ts', 'module.ts', 'jobs.ts', 'consumers.ts'].map((file) => [at(file), plan.get(at(file))!]),
        );
        const edit = (file: string, change: (file: { path: string; text: string }) => string) =>
          texts.set(at(file), change({ path: at(file), text: texts.get(at(file))! }));
        const names = ['ab', 'archive-it', 'a-verb-and-a-noun-of-thirty-ab'];
        for (const name of names) {
          for (const [kind, method, path] of [
            ['read', 'GET', `/${name}/r`],
            ['write', 'POST', `/${name}/{year}/{month}`],
            ['read-one', 'GET', `/${name}/{id}`],
            ['write-one', 'DELETE', `/${name}/{id}/x`],
          ] as const) {
            const full = `${name.slice(0, 24)}-${kind.replace('-', '')}`.replace(/-+/g, '-').slice(0, 30);
            const part = partOf(each, catalogue, module, operationPart(module, { name: full, method, path, kind }));
            edit('contract.ts', (file) => withOperation(file, { name: camel(full), lines: part.entry! }));
            edit('module.ts', (file) => withHandler(file, { name: camel(full), from: `./app/${full}.ts` }, ''));
            for (const file of part.files) texts.set(file.path, file.content);
          }
          for (const file of partOf(each, catalogue, module, jobPart(module, name)).files)
            texts.set(file.path, file.content);
          edit('jobs.ts', (file) => withItem(file, 'jobs', { name: camel(name), from: `./jobs/${name}.ts` }, ''));
        }
        for (const owner of each.modules) {
          const part = consumerPart(each, module, owner, `${camel(owner.entity)}Updated`);
          for (const file of partOf(each, catalogue, module, part).files) texts.set(file.path, file.content);
          edit('consumers.ts', (file) =>
            withItem(file, 'consumers', { name: part.name, from: `./consumers/${part.file}.ts` }, ''),
          );
        }
        for (const [path, text] of texts) written.set(`${graph.id}/${path}`, text);
      }
    }
    for (const [path, text] of written) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const biome = join(root, 'node_modules/.bin/biome');
    const { status, stdout, stderr } = spawnSync(biome, ['check', '--colors=off', '.'], {
      cwd: tree,
      encoding: 'utf8',
    });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    expect(Number(/Checked (\d+) files/.exec(stdout + stderr)?.[1])).toBe(written.size);
  }, 60_000);
});
