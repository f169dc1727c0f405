import { isProblem } from '@news-desk/platform/contract';
import { a1B2Contract as contract } from '@news-desk/a1-b2/contract';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { input } from '../http/examples/a1-b2.ts';
import { system } from '../system.ts';
import { adaptersOf } from './adapters.ts';

const { operations } = contract;

describe.each(adaptersOf(contract))('a1-b2 through the $name adapter', ({ client }) => {
  it('gives the created one to every caller, each a copy of its own', async () => {
    const { api } = await system();
    const { createBox, getBox } = await client();
    const given = await input(api);
    const { id } = await createBox(given);
    const one = await getBox({ id });
    Object.assign(one, { name: 'changed by one caller' });
    const other = await getBox({ id });
    expect(other).toMatchObject({ id, name: given.name });
  });

  it('throws the problems that the contract names', async () => {
    const { getBox } = await client();
    const error = await getBox({ id: randomUUID() }).catch((reason: unknown) => reason);
    expect(isProblem(error, operations.getBox, 'notFound')).toBe(true);
  });

  it('refuses what the contract forbids', async () => {
    const { getBox } = await client();
    await expect(getBox({ id: 'not an id' })).rejects.toThrow('forbids');
  });
});
