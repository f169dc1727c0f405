import { problem } from '@shop/platform/contract';
import type { Context, Use } from '../context.ts';
import { catalogContract as contract } from '../contract.ts';
import { change } from '../domain/product.ts';
import { list, one } from '../infra/cache.ts';
import { find, update } from '../infra/repository.ts';
import { indexProduct } from '../jobs.ts';
import { present } from './present.ts';

const operation = contract.operations.updateProduct;

export function updateProduct(ctx: Context): Use<'updateProduct'> {
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
      await ctx.outbox.publish(tx, contract.events.productUpdated, { id, name, version });
      await ctx.jobs.enqueue(tx, indexProduct, { id, version });
      return next;
    });
    await ctx.cache.invalidate([one(id), list]);
    return present(entity);
  };
}
