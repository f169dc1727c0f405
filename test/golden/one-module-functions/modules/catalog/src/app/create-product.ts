import { randomUUID } from 'node:crypto';
import { problem } from '@shop/platform/contract';
import type { Context, Use } from '../context.ts';
import { catalogContract as contract } from '../contract.ts';
import { create } from '../domain/product.ts';
import { list } from '../infra/cache.ts';
import { insert } from '../infra/repository.ts';
import { indexProduct } from '../jobs.ts';
import { present } from './present.ts';

const operation = contract.operations.createProduct;

export function createProduct(ctx: Context): Use<'createProduct'> {
  return async (input) => {
    const entity = create(input, randomUUID(), ctx.clock());
    if (typeof entity === 'string') throw problem(operation, entity);
    const { id, name, version } = entity;
    await ctx.db.transaction(async (tx) => {
      await insert(tx, entity);
      await ctx.outbox.publish(tx, contract.events.productCreated, { id, name, version });
      await ctx.jobs.enqueue(tx, indexProduct, { id, version });
    });
    await ctx.cache.invalidate([list]);
    return present(entity);
  };
}
