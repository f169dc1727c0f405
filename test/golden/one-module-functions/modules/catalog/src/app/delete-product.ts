import { problem } from '@shop/platform/contract';
import type { Context, Use } from '../context.ts';
import { catalogContract as contract } from '../contract.ts';
import { list, one } from '../infra/cache.ts';
import { remove } from '../infra/repository.ts';

const operation = contract.operations.deleteProduct;

export function deleteProduct(ctx: Context): Use<'deleteProduct'> {
  return async ({ id }) => {
    await ctx.db.transaction(async (tx) => {
      if (!(await remove(tx, id))) throw problem(operation, 'notFound');
      await ctx.outbox.publish(tx, contract.events.productDeleted, { id });
    });
    await ctx.cache.invalidate([one(id), list]);
    return null;
  };
}
