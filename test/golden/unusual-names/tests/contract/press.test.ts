import { isProblem } from '@news-desk/platform/contract';
import { pressContract as contract } from '@news-desk/press/contract';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { input } from '../http/examples/press.ts';
import { system } from '../system.ts';
import { adaptersOf } from './adapters.ts';

const { operations } = contract;

describe.each(adaptersOf(contract))('press through the $name adapter', ({ client }) => {
  it('gives the created one to every caller, each a copy of its own', async () => {
    const { api } = await system();
    const { createNews, getNews } = await client();
    const given = await input(api);
    const { id } = await createNews(given);
    const one = await getNews({ id });
    Object.assign(one, { name: 'changed by one caller' });
    const other = await getNews({ id });
    expect(other).toMatchObject({ id, name: given.name });
  });

  it('throws the problems that the contract names', async () => {
    const { getNews } = await client();
    const error = await getNews({ id: randomUUID() }).catch((reason: unknown) => reason);
    expect(isProblem(error, operations.getNews, 'notFound')).toBe(true);
  });

  it('refuses what the contract forbids', async () => {
    const { getNews } = await client();
    await expect(getNews({ id: 'not an id' })).rejects.toThrow('forbids');
  });
});
