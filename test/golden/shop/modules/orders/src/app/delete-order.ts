import { problem } from '@shop/platform/contract';
import type { Context, Use } from '../context.ts';
import { ordersContract as contract } from '../contract.ts';
import { list, one } from '../infra/cache.ts';
import { remove } from '../infra/repository.ts';

const operation = contract.operations.deleteOrder;

export function deleteOrder(ctx: Context): Use<'deleteOrder'> {
  return async ({ id }) => {
    await ctx.db.transaction(async (tx) => {
      if (!(await remove(tx, id))) throw problem(operation, 'notFound');
      await ctx.outbox.publish(tx, contract.events.orderDeleted, { id });
    });
    await ctx.cache.invalidate([one(id), list]);
    return null;
  };
}
