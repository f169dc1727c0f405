import { expect, it } from 'vitest';
import type { Module } from './schema.ts';
import { defaultBroker, defaultDeploy, defaultObservability, deployablesOf, type Placement, styles } from './styles.ts';

const stack = { language: 'node', framework: 'fastify', database: 'postgres', cache: 'redis', broker: 'memory' };
const module = (name: string): Module => ({
  name,
  path: `modules/${name}`,
  entity: 'thing',
  language: 'node',
  uses: [],
  consumes: [],
});
const placed = (places: Readonly<Record<string, Placement>>) =>
  deployablesOf(
    Object.entries(places).map(([name, place]) => ({ module: module(name), place })),
    stack,
  ).map(({ name, kind, hosts, public: open }) => `${name} ${kind} [${hosts}]${open ? ' public' : ''}`);

it.each<[string, Readonly<Record<string, Placement>>, readonly string[]]>([
  ['a monolith', { catalog: 'monolith', orders: 'monolith' }, ['api server [catalog,orders] public']],
  [
    'services behind a gateway',
    { catalog: 'service', orders: 'service' },
    ['catalog server [catalog]', 'orders server [orders]', 'gateway gateway [] public'],
  ],
  ['one service needs no gateway', { catalog: 'service' }, ['catalog server [catalog] public']],
  [
    'functions behind the gateway of their cloud',
    { catalog: 'functions', orders: 'functions' },
    ['catalog functions [catalog] public', 'orders functions [orders] public'],
  ],
  [
    'a mix',
    { catalog: 'monolith', orders: 'service', billing: 'monolith', images: 'functions' },
    [
      'api server [catalog,billing]',
      'orders server [orders]',
      'images functions [images] public',
      'gateway gateway [] public',
    ],
  ],
])('%s', (_, places, expected) => {
  expect(placed(places)).toEqual(expected);
});

it('places every module by the style where nobody did', () => {
  const modules = ['catalog', 'orders'].map(module);
  const places = Object.fromEntries(
    styles.map((style) => [style.id, modules.map((one, index) => style.place(one, index, modules))]),
  );
  expect(places).toEqual({
    monolith: ['monolith', 'monolith'],
    microservices: ['service', 'service'],
    serverless: ['functions', 'functions'],
    hybrid: ['monolith', 'service'],
  });
});

it('chooses a broker that reaches every process', () => {
  expect(defaultBroker(['monolith', 'monolith'])).toBe('memory');
  expect(defaultBroker(['service'])).toBe('memory');
  expect(defaultBroker(['monolith', 'service'])).toBe('rabbitmq');
  expect(defaultBroker(['functions'])).toBe('sns');
});

it('deploys and watches what is there', () => {
  expect(defaultDeploy(['monolith', 'service'])).toEqual(['compose']);
  expect(defaultDeploy(['functions', 'functions'])).toEqual(['sam']);
  expect(defaultDeploy(['monolith', 'functions'])).toEqual(['compose', 'sam']);
  expect(defaultObservability(['functions'])).toEqual([]);
  expect(defaultObservability(['monolith', 'functions'])).toEqual(['prometheus', 'grafana']);
});
