import { isProblem } from '@news-desk/platform/contract';
import { peopleContract as contract } from '@news-desk/people/contract';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { input } from '../http/examples/people.ts';
import { system } from '../system.ts';
import { adaptersOf } from './adapters.ts';

const { operations } = contract;

describe.each(adaptersOf(contract))('people through the $name adapter', ({ client }) => {
  it('gives the created one to every caller, each a copy of its own', async () => {
    const { api } = await system();
    const { createPerson, getPerson } = await client();
    const given = await input(api);
    const { id } = await createPerson(given);
    const one = await getPerson({ id });
    Object.assign(one, { name: 'changed by one caller' });
    const other = await getPerson({ id });
    expect(other).toMatchObject({ id, name: given.name });
  });

  it('throws the problems that the contract names', async () => {
    const { getPerson } = await client();
    const error = await getPerson({ id: randomUUID() }).catch((reason: unknown) => reason);
    expect(isProblem(error, operations.getPerson, 'notFound')).toBe(true);
  });

  it('refuses what the contract forbids', async () => {
    const { getPerson } = await client();
    await expect(getPerson({ id: 'not an id' })).rejects.toThrow('forbids');
  });
});
