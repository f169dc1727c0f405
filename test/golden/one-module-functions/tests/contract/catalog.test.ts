import { isProblem } from '@shop/platform/contract';
import { catalogContract as contract } from '@shop/catalog/contract';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { input } from '../http/examples/catalog.ts';
import { system } from '../system.ts';
import { adaptersOf } from './adapters.ts';

const { operations } = contract;

describe.each(adaptersOf(contract))('catalog through the $name adapter', ({ client }) => {
  it('gives the created one to every caller, each a copy of its own', async () => {
    const { api } = await system();
    const { createProduct, getProduct } = await client();
    const given = await input(api);
    const { id } = await createProduct(given);
    const one = await getProduct({ id });
    Object.assign(one, { name: 'changed by one caller' });
    const other = await getProduct({ id });
    expect(other).toMatchObject({ id, name: given.name });
  });

  it('throws the problems that the contract names', async () => {
    const { getProduct } = await client();
    const error = await getProduct({ id: randomUUID() }).catch((reason: unknown) => reason);
    expect(isProblem(error, operations.getProduct, 'notFound')).toBe(true);
  });

  it('refuses what the contract forbids', async () => {
    const { getProduct } = await client();
    await expect(getProduct({ id: 'not an id' })).rejects.toThrow('forbids');
  });
});
