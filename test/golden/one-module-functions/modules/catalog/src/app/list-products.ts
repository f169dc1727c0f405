import { problem } from '@shop/platform/contract';
import type { Context, Use } from '../context.ts';
import { catalogContract as contract } from '../contract.ts';
import { freshness, list } from '../infra/cache.ts';
import { decodeCursor, encodeCursor } from '../infra/cursor.ts';
import { page } from '../infra/repository.ts';
import { present } from './present.ts';

const operation = contract.operations.listProducts;

export function listProducts(ctx: Context): Use<'listProducts'> {
  return async ({ limit = 20, cursor }) => {
    const position = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && !position) throw problem(operation, 'invalidCursor');
    const load = async () => {
      // One more than asked for tells whether there is a next page.
      const found = await page(ctx.db.read, limit + 1, position);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items: items.map(present), nextCursor: last && found.length > limit ? encodeCursor(last) : null };
    };
    return ctx.cache.getOrLoad(`${list}:${limit}:${cursor ?? ''}`, load, { ...freshness, tags: [list] });
  };
}
