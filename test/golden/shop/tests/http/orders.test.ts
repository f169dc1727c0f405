import { ordersContract as contract } from '@shop/orders/contract';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { system } from '../system.ts';
import { collection, input } from './examples/orders.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  contract,
  collection,
  input,
});

it('refuses an unknown product', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), productId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toContain('urn:problem:orders:unknown-');
  expect(body.errors).toMatchObject([{ pointer: '#/productId' }]);
});
