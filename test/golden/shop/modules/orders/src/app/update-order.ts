import { problem } from '@shop/platform/contract';
import type { Context, Use } from '../context.ts';
import { ordersContract as contract } from '../contract.ts';
import { change } from '../domain/order.ts';
import { list, one } from '../infra/cache.ts';
import { find, update } from '../infra/repository.ts';
import { indexOrder } from '../jobs.ts';
import { present } from './present.ts';

const operation = contract.operations.updateOrder;

export function updateOrder(ctx: Context): Use<'updateOrder'> {
  return async ({ id, version: expected, ...changes }) => {
    const entity = await ctx.db.transaction(async (tx) => {
      const current = await find(tx, id);
      if (!current) throw problem(operation, 'notFound');
      if (current.version !== expected) throw problem(operation, 'staleVersion');
      const next = change(current, changes, ctx.clock());
      if (typeof next === 'string') throw problem(operation, next);
      if (next === current) return current;
      if (!(await update(tx, next))) throw problem(operation, 'staleVersion');
      const { name, version } = next;
      await ctx.outbox.publish(tx, contract.events.orderUpdated, { id, name, version });
      await ctx.jobs.enqueue(tx, indexOrder, { id, version });
      return next;
    });
    await ctx.cache.invalidate([one(id), list]);
    return present(entity);
  };
}
