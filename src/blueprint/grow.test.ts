import { describe, expect, it } from 'vitest';
import { expand } from './expand.ts';
import { addConsumer, addDeployable, addModule } from './grow.ts';
import { load } from './load.ts';
import { dataSteps, movesBetween, removedBetween } from './moves.ts';
import { save } from './save.ts';
import type { Blueprint } from './schema.ts';
import { deployablesOf, type Placement } from './styles.ts';

const monolith = expand({
  name: 'shop',
  style: 'monolith',
  framework: 'fastify',
  modules: ['catalog:product', 'orders:order', 'images:image'],
  uses: ['orders:catalog'],
  place: [],
  database: 'postgres',
  cache: 'redis',
  broker: 'memory',
  ci: 'none',
  deploy: [],
  observability: [],
  load: 'none',
});
/** The same modules, placed otherwise. */
const placed = (places: Readonly<Record<string, Placement>>, broker = 'rabbitmq'): Blueprint => {
  const all = monolith.modules.map((module) => ({ module, place: places[module.name] ?? 'monolith' }));
  const stack = { ...monolith.stack, broker };
  return { ...monolith, stack, deployables: deployablesOf(all, stack) };
};
const services = placed({ catalog: 'service', orders: 'service', images: 'service' });
const functions = placed({ catalog: 'functions', orders: 'functions', images: 'functions' }, 'sns');
const hybrid = placed({ orders: 'service', images: 'functions' }, 'sns');

const shape = ({ deployables }: Blueprint) =>
  deployables.map((one) => `${one.name} ${one.kind} [${one.hosts.join(' ')}]${one.public ? ' public' : ''}`);
const add = (blueprint: Blueprint, place?: string) => addModule(blueprint, { name: 'billing', uses: [], place });

describe('a module that nobody placed goes where its system would put it', () => {
  it.each<[string, Blueprint, string]>([
    ['monolith', monolith, 'api server [catalog orders images billing] public'],
    ['microservices', services, 'billing server [billing]'],
    ['serverless', functions, 'billing functions [billing] public'],
    ['hybrid', hybrid, 'api server [catalog billing]'],
  ])('%s', (_, blueprint, home) => {
    const { blueprint: after, notes } = add(blueprint);
    expect(shape(after)).toContain(home);
    expect(shape(after)).toHaveLength(blueprint.deployables.length + (home.startsWith('billing') ? 1 : 0));
    expect(notes).toEqual([]);
    expect(load(save(after))).toEqual(after);
  });
});

describe('a module that is placed', () => {
  it('as a service beside a monolith gets a gateway before both and a broker between them, and says so', () => {
    const { blueprint, notes } = add(monolith, 'service');
    expect(shape(blueprint)).toEqual([
      'api server [catalog orders images]',
      'billing server [billing]',
      'gateway gateway [] public',
    ]);
    expect(blueprint.stack.broker).toBe('rabbitmq');
    expect(notes).toEqual([expect.stringContaining('a gateway is added'), expect.stringContaining('rabbitmq')]);
  });

  it('as functions beside servers stays behind their gateway', () => {
    const { blueprint, notes } = add(services, 'functions');
    expect(shape(blueprint).slice(-2)).toEqual(['billing functions [billing]', 'gateway gateway [] public']);
    expect(notes).toEqual([]);
  });

  it('in a deployable by name, or in api, which is made where it is missing', () => {
    expect(shape(add(services, 'orders').blueprint)).toContain('orders server [orders billing]');
    expect(shape(add(services, 'api').blueprint)).toContain('api server [billing]');
    expect(shape(add(hybrid, 'monolith').blueprint)).toContain('api server [catalog billing]');
  });

  it('in a gateway, or where a deployable has its name, is refused', () => {
    expect(() => add(services, 'gateway')).toThrow('gateway is a gateway, which hosts no module');
    const named = addDeployable(services, { name: 'billing', kind: 'server', hosts: ['orders'] }).blueprint;
    expect(() => add(named, 'service')).toThrow("the deployable 'billing', which is there already");
  });
});

it('a module that uses others consumes their deletions and comes after them', () => {
  const { blueprint } = addModule(monolith, { name: 'billing', entity: 'bill', uses: ['orders', 'catalog'] });
  expect(blueprint.modules.at(-1)).toMatchObject({
    entity: 'bill',
    uses: ['orders', 'catalog'],
    consumes: ['orders.order-deleted', 'catalog.product-deleted'],
  });
});

describe('a deployable', () => {
  it('takes modules from the others', () => {
    const { blueprint, notes } = addDeployable(monolith, { name: 'sales', kind: 'server', hosts: ['orders'] });
    expect(shape(blueprint)).toEqual([
      'api server [catalog images]',
      'sales server [orders]',
      'gateway gateway [] public',
    ]);
    expect(notes).toHaveLength(2);
  });

  it('that takes all of another replaces it, and says so', () => {
    const { blueprint, notes } = addDeployable(services, {
      name: 'sales',
      kind: 'server',
      hosts: ['orders', 'catalog'],
    });
    expect(shape(blueprint)).toEqual([
      'images server [images]',
      'sales server [orders catalog]',
      'gateway gateway [] public',
    ]);
    expect(notes).toEqual([
      'catalog is gone: every module that it hosted is in sales now.',
      'orders is gone: every module that it hosted is in sales now.',
    ]);
  });

  it('of functions that takes the last server takes its gateway too', () => {
    const after = addDeployable(services, { name: 'fn', kind: 'functions', hosts: ['orders', 'catalog', 'images'] });
    expect(shape(after.blueprint)).toEqual(['fn functions [orders catalog images] public']);
    expect(after.notes).toContain('The gateway is gone: no server is left behind it.');
  });

  it('of kind gateway is the only one that is public', () => {
    const { blueprint } = addDeployable(monolith, { name: 'edge', kind: 'gateway', hosts: [] });
    expect(shape(blueprint)).toEqual(['api server [catalog orders images]', 'edge gateway [] public']);
  });
});

it('a consumer is noted once', () => {
  const once = addConsumer(monolith, 'catalog', 'orders.order-created');
  expect(once.modules[0]?.consumes).toEqual(['orders.order-created']);
  expect(addConsumer(once, 'catalog', 'orders.order-created')).toEqual(once);
});

describe('between two blueprints', () => {
  it('modules move with their schema, whatever the placement was', () => {
    expect(movesBetween(monolith, services)).toEqual([
      { module: 'catalog', schema: 'catalog', from: 'api', to: 'catalog' },
      { module: 'orders', schema: 'orders', from: 'api', to: 'orders' },
      { module: 'images', schema: 'images', from: 'api', to: 'images' },
    ]);
    expect(movesBetween(hybrid, monolith).map(({ module }) => module)).toEqual(['orders', 'images']);
    expect(movesBetween(monolith, monolith)).toEqual([]);
    expect(movesBetween(monolith, add(monolith).blueprint)).toEqual([]);
  });

  it('removed modules are named', () => {
    expect(removedBetween(add(monolith).blueprint, monolith).map(({ name }) => name)).toEqual(['billing']);
  });

  it('the data of a move is copied after the outbox is empty, and left behind until somebody removes it', () => {
    const steps = dataSteps({ module: 'user-profile', schema: 'user_profile', from: 'api', to: 'user-profile' });
    const text = steps.map(({ what, command }) => `${what} ${command ?? ''}`);
    expect(text[0]).toContain('outbox_pending is 0');
    expect(text.findIndex((line) => line.includes('pg_dump'))).toBeGreaterThan(
      text.findIndex((line) => line.includes('migrate')),
    );
    expect(text.find((line) => line.includes('pg_dump'))).toContain('--schema=user_profile');
    expect(text.find((line) => line.includes('platform.inbox'))).toContain("consumer = 'user-profile'");
    expect(text.at(-1)).toContain('drop schema "user_profile" cascade');
  });
});
