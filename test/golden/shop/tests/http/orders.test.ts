import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { system } from '../system.ts';
import { collection, input } from './examples/orders.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  module: 'orders',
  entity: 'order',
  collection,
  input,
});

it('refuses an unknown product', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), productId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toBe('urn:problem:orders:unknown-product');
  expect(body.errors).toMatchObject([{ pointer: '#/productId' }]);
});
