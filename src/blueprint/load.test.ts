import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownError } from '../model/known-error.ts';
import { expand } from './expand.ts';
import { load } from './load.ts';
import { save } from './save.ts';
import type { Blueprint } from './schema.ts';

const blueprint = expand({
  name: 'shop',
  style: 'monolith',
  framework: 'fastify',
  modules: ['catalog:product', 'orders'],
  uses: ['orders:catalog'],
  database: 'postgres',
  cache: 'redis',
  broker: undefined,
  place: [],
  ci: 'github-actions',
  deploy: ['compose'],
  observability: ['prometheus', 'grafana'],
  load: 'autocannon',
});

describe('a blueprint survives its file', () => {
  it('as expanded', () => {
    expect(load(save(blueprint))).toEqual(blueprint);
  });
  it('with languages, frameworks, paths, placement, capacity and lint settings of its own', () => {
    // Words that YAML reads as something else are among them.
    const word = fc.constantFrom('node', 'true', 'null', 'no', 'e1', 'a-b', 'off', 'undefined');
    const names = fc.uniqueArray(fc.constantFrom('ab', 'orders', 'no', 'c1-d2', 'off', 'e1', 'catalog'), {
      minLength: 1,
    });
    const system = names.chain((modules) =>
      fc.record({
        name: word,
        stack: fc.record({ language: word, framework: word, database: word, cache: word, broker: word }),
        modules: fc.tuple(
          ...modules.map((name, index) =>
            fc.record({
              name: fc.constant(name),
              path: word,
              entity: fc.constantFrom('product', 'e1', 'no'),
              language: word,
              uses: fc.subarray(modules.slice(0, index)),
              consumes: fc.subarray(modules.map((owner) => `${owner}.thing-done`)),
            }),
          ),
        ),
        deployables: fc.uniqueArray(
          fc.record({
            name: fc.constantFrom('api', 'on', 'w2'),
            kind: fc.constantFrom('server', 'worker', 'gateway', 'functions'),
            path: word,
            framework: word,
            hosts: fc.subarray(modules),
            public: fc.boolean(),
          }),
          { selector: ({ name }) => name },
        ),
        delivery: fc.record({ ci: word, deploy: fc.array(word), observability: fc.array(word), load: word }),
        capacity: fc.record({ peakRps: fc.integer({ min: 1 }), p95Ms: fc.integer({ min: 1 }) }),
        lint: fc.record({
          extends: fc.constantFrom('recommended', 'strict'),
          ignore: fc.array(fc.string({ minLength: 1 })),
        }),
      }),
    );
    fc.assert(
      fc.property(system, (given) => {
        // A deployable speaks the language of what it hosts.
        const { modules, stack } = given;
        const deployables = given.deployables.map((one) => ({
          ...one,
          language: modules.find(({ name }) => one.hosts.includes(name))?.language ?? stack.language,
        }));
        const whole = { ...given, deployables } as Blueprint;
        expect(load(save(whole))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });
});

it('the file explains itself and names its schema in the first line', () => {
  const lines = save(blueprint).split('\n');
  expect(lines[0]).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/scalable-backend\//);
  expect(lines).toContain(
    '  orders: { path: modules/orders, entity: order, uses: [catalog], consumes: [catalog.product-deleted] }',
  );
});

describe('a file that is no blueprint is refused at its place', () => {
  const head = 'version: 1\nname: shop\n';
  it.each([
    ['', 'a:1:1', 'version: expected 1', 'Use one of: 1.'],
    ['version: 1\nname: shop\nmodules: [a', 'a:3:12', 'not valid YAML', 'Correct the line'],
    [`${head}name: again\n`, 'a:3:1', "The key 'name' is there twice", 'Remove one'],
    [`${head}modules:\n  catalog: { path: x, usess: [] }\n`, 'a:4:23', "no key 'usess'", "Did you mean 'uses'?"],
    [`${head}modules:\n  catalog: { path: 3 }\n`, 'a:4:20', 'expected string, received number', 'Correct the value'],
    [`${head}modules:\n  Bad_Name: { path: x }\n`, 'a:4:3', "'Bad_Name' is not a name", 'Correct'],
    [`${head}modules:\n  ab: { path: x, uses: [bc] }\n`, 'a:4:25', "no module 'bc'", 'Its modules are ab.'],
    [
      `${head}modules:\n  ab: { path: x, consumes: [nothing] }\n`,
      'a:4:29',
      'is not an event',
      'catalog.product-deleted',
    ],
    [`${head}modules:\n  class: { path: x }\n`, 'a:4:10', 'reserved word', 'Try'],
    [
      `${head}modules:\n  ab: { path: x, uses: [cd] }\n  cd: { path: y, uses: [ab] }\n`,
      'a:4:3',
      'cycle: ab → cd → ab',
      'consume an event',
    ],
    [`${head}deployables:\n  api: { kind: serverr }\n`, 'a:4:16', 'deployables.api.kind', 'server, worker'],
    [
      `${head}modules:\n  ab: { path: x }\ndeployables:\n  api: { kind: server, hosts: [ac] }\n`,
      'a:6:32',
      "no module 'ac'",
      "Did you mean 'ab'?",
    ],
    [`${head}lint: { extends: recomended }\n`, 'a:3:18', 'lint.extends', 'recommended, strict, review'],
    ['version: 1\nname: shop\nstack: [1]\nmodules: 3\n', 'a:3:8', '(1 more after this one)', 'Correct'],
  ])('%j', (text, where, message, next) => {
    let said: unknown;
    try {
      load(text, 'a');
    } catch (error) {
      said = error;
    }
    expect(said).toBeInstanceOf(KnownError);
    const { message: told, next: hint, place } = said as KnownError;
    expect(`${place?.file}:${place?.line}:${place?.column}`).toBe(where);
    expect(told).toContain(message);
    expect(hint).toContain(next);
  });
  it('a byte order mark and comments do not matter', () => {
    expect(load(`\uFEFF# hello\n${save(blueprint)}`)).toEqual(blueprint);
  });
});
