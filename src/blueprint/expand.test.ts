import { describe, expect, it } from 'vitest';
import { KnownError } from '../model/known-error.ts';
import { type Answers, expand } from './expand.ts';

const answers: Answers = {
  name: 'shop',
  style: 'monolith',
  framework: 'fastify',
  modules: ['orders', 'catalog'],
  uses: ['orders:catalog'],
  database: 'postgres',
  cache: 'redis',
  broker: undefined,
  place: [],
  ci: 'none',
  deploy: [],
  observability: [],
  load: 'none',
};
const refusal = (changed: Partial<Answers>): string => {
  try {
    expand({ ...answers, ...changed });
  } catch (error) {
    if (error instanceof KnownError) return `${error.message} ${error.next}`;
    throw error;
  }
  return 'accepted';
};

describe('a blueprint from answers', () => {
  it('orders modules by what they use and names their entities', () => {
    const { modules } = expand(answers);
    expect(modules.map(({ name, entity }) => `${name}:${entity}`)).toEqual(['catalog:product', 'orders:order']);
  });
  it('places every module on one deployable', () => {
    expect(expand(answers).deployables).toEqual([
      {
        name: 'api',
        kind: 'server',
        path: 'deployables/api',
        language: 'node',
        framework: 'fastify',
        hosts: ['catalog', 'orders'],
        public: true,
      },
    ]);
  });
  it('lets a module react to the end of what it refers to', () => {
    expect(expand(answers).modules[1]?.consumes).toEqual(['catalog.product-deleted']);
  });
  it('takes entities as given', () => {
    expect(expand({ ...answers, modules: ['catalog:sku'], uses: [] }).modules[0]?.entity).toBe('sku');
  });
});

describe('what cannot be a system is refused with the next step', () => {
  it.each([
    [{ name: 'My Shop' }, "'My Shop' cannot name the system", "Try 'my-shop'."],
    [{ name: 'x' }, "'x' cannot name the system", 'Choose another name.'],
    [{ name: 'a'.repeat(31) }, 'cannot name the system', `Try '${'a'.repeat(30)}'.`],
    [{ modules: ['OrderLines'], uses: [] }, "'OrderLines' cannot name a module", "Try 'order-lines'."],
    [{ modules: ['catalog:a:b'], uses: [] }, "'catalog:a:b' is not a module", '--modules catalog:product'],
    [{ modules: [], uses: [] }, 'at least one module', '--modules'],
    [{ modules: ['orders', 'orders'], uses: [] }, "'orders' is named twice", 'once'],
    [{ modules: ['class'], uses: [] }, 'reserved word', "Try 'classes'"],
    [{ modules: ['constructor'], uses: [] }, 'every JavaScript object already has', 'Try'],
    [{ modules: ['public'], uses: [] }, 'reserved word', 'Try'],
    [{ modules: ['pg-stat'], uses: [] }, 'the schema pg_stat is taken', 'Try'],
    [{ modules: ['pgboss'], uses: [] }, 'the schema pgboss is taken', 'Try'],
    [{ modules: ['information-schema'], uses: [] }, 'the schema information_schema is taken', 'Try'],
    [{ modules: ['platform'], uses: [] }, 'the generated system uses that name', 'Try'],
    [{ modules: ['docs'], uses: [] }, 'the server itself answers under /docs', 'Try'],
    [{ modules: ['catalog:class'], uses: [] }, "'class' cannot be the entity of catalog", 'catalog:catalog-item'],
    [{ modules: ['catalog:activity'], uses: [] }, 'already has an activity', 'Name another one'],
    [{ uses: ['orders:catalgo'] }, "names the module 'catalgo'", "Did you mean 'catalog'?"],
    [{ uses: ['orders'] }, "'orders' does not say which module uses which", '--uses orders:catalog'],
    [{ uses: ['orders:orders'] }, 'in a cycle: orders → orders', 'consume an event'],
    [
      { modules: ['a1', 'b1', 'c1'], uses: ['a1:b1', 'b1:c1', 'c1:a1'] },
      'in a cycle: a1 → b1 → c1 → a1',
      'consume an event',
    ],
    [{ style: 'monolit' }, "Unknown style 'monolit'", "Did you mean 'monolith'?"],
    [{ place: ['orders=service'] }, 'this system is a monolith', '--style hybrid'],
  ] as const)('%o', (changed, message, next) => {
    const said = refusal(changed);
    expect(said).toContain(message);
    expect(said).toContain(next);
  });
});
