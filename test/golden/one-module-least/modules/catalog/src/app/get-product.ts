import { problem } from '@tiny/platform/contract';
import type { Context, Use } from '../context.ts';
import { catalogContract as contract } from '../contract.ts';
import { freshness, one } from '../infra/cache.ts';
import { find } from '../infra/repository.ts';
import { present } from './present.ts';

const operation = contract.operations.getProduct;

export function getProduct(ctx: Context): Use<'getProduct'> {
  return async ({ id }) => {
    const load = async () => {
      // Not from a replica: its version becomes the ETag of a change, and the cache would keep what is outdated.
      const entity = await find(ctx.db.write, id);
      if (!entity) throw problem(operation, 'notFound');
      return present(entity);
    };
    return ctx.cache.getOrLoad(one(id), load, { ...freshness, tags: [one(id)] });
  };
}
