import { randomUUID } from 'node:crypto';
import { isProblem, problem } from '@shop/platform/contract';
import { catalogContract } from '@shop/catalog/contract';
import type { Call } from '@shop/platform/module';
import type { Context, Use } from '../context.ts';
import { ordersContract as contract } from '../contract.ts';
import { create } from '../domain/order.ts';
import { list } from '../infra/cache.ts';
import { insert } from '../infra/repository.ts';
import { indexOrder } from '../jobs.ts';
import { present } from './present.ts';

const operation = contract.operations.createOrder;

export function createOrder(ctx: Context): Use<'createOrder'> {
  return async (input, call) => {
    // Other modules are asked before the transaction: while it is open it holds locks, and nothing may wait for them.
    await checkProduct(ctx, input.productId, call);
    const entity = create(input, randomUUID(), ctx.clock());
    if (typeof entity === 'string') throw problem(operation, entity);
    const { id, name, version } = entity;
    await ctx.db.transaction(async (tx) => {
      await insert(tx, entity);
      await ctx.outbox.publish(tx, contract.events.orderCreated, { id, name, version });
      await ctx.jobs.enqueue(tx, indexOrder, { id, version });
    });
    await ctx.cache.invalidate([list]);
    return present(entity);
  };
}

async function checkProduct(ctx: Context, id: string, call: Call): Promise<void> {
  const { getProduct } = catalogContract.operations;
  try {
    await ctx.contracts.catalog.getProduct({ id }, call);
  } catch (error) {
    if (!isProblem(error, getProduct, 'notFound')) throw error;
    const errors = [{ pointer: '#/productId', detail: 'does not exist' }];
    throw problem(operation, 'unknownProduct', undefined, errors);
  }
}
