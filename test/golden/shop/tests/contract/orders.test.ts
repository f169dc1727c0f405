import { isProblem } from '@shop/platform/contract';
import { ordersContract as contract } from '@shop/orders/contract';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { input } from '../http/examples/orders.ts';
import { system } from '../system.ts';
import { adaptersOf } from './adapters.ts';

const { operations } = contract;

describe.each(adaptersOf(contract))('orders through the $name adapter', ({ client }) => {
  it('gives the created one to every caller, each a copy of its own', async () => {
    const { api } = await system();
    const { createOrder, getOrder } = await client();
    const given = await input(api);
    const { id } = await createOrder(given);
    const one = await getOrder({ id });
    Object.assign(one, { name: 'changed by one caller' });
    const other = await getOrder({ id });
    expect(other).toMatchObject({ id, name: given.name });
  });

  it('throws the problems that the contract names', async () => {
    const { getOrder } = await client();
    const error = await getOrder({ id: randomUUID() }).catch((reason: unknown) => reason);
    expect(isProblem(error, operations.getOrder, 'notFound')).toBe(true);
  });

  it('refuses what the contract forbids', async () => {
    const { getOrder } = await client();
    await expect(getOrder({ id: 'not an id' })).rejects.toThrow('forbids');
  });
});
