import { ordersContract as contract } from '@shop/orders/contract';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { system } from '../system.ts';
import { eventually } from './api.ts';
import { collection, input } from './examples/orders.ts';
import { reservationSuite } from './reservation-suite.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  contract,
  collection,
  input,
});
reservationSuite({ collection, input });

it('refuses an unknown product', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), productId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toContain('urn:problem:orders:unknown-');
  expect(body.errors).toMatchObject([{ pointer: '#/productId' }]);
});

/** Places what was made from `given` and waits for the end. */
async function placed(given: object) {
  const { api } = await system();
  const { id } = (await api.post(collection, given)).body;
  const path = `${collection}/${id}/placement`;
  expect((await api.put(path, {})).status).toBe(202);
  return eventually(
    async () => (await api.get(path)).body,
    ({ state }) => state !== 'placing',
  );
}

it('is placed when every module that it refers to has enough', async () => {
  const { api } = await system();
  expect(await placed({ ...(await input(api)), quantity: 1 })).toEqual({ state: 'placed', refusal: null });
});

it('is refused when one has not, and the others get everything back', async () => {
  const { api } = await system();
  const given = await input(api);
  const { state, refusal } = await placed({ ...given, quantity: 1_000 });
  expect(state).toBe('refused');
  expect(refusal).toMatch(/:not-enough$/);
  expect(await placed({ ...given, quantity: 3 })).toEqual({ state: 'placed', refusal: null });
});
