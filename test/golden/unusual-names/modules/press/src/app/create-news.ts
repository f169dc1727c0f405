import { randomUUID } from 'node:crypto';
import { problem } from '@news-desk/platform/contract';
import type { Context, Use } from '../context.ts';
import { pressContract as contract } from '../contract.ts';
import { create } from '../domain/news.ts';
import { list } from '../infra/cache.ts';
import { insert } from '../infra/repository.ts';
import { indexNews } from '../jobs.ts';
import { present } from './present.ts';

const operation = contract.operations.createNews;

export function createNews(ctx: Context): Use<'createNews'> {
  return async (input) => {
    const entity = create(input, randomUUID(), ctx.clock());
    if (typeof entity === 'string') throw problem(operation, entity);
    const { id, name, version } = entity;
    await ctx.db.transaction(async (tx) => {
      await insert(tx, entity);
      await ctx.outbox.publish(tx, contract.events.newsCreated, { id, name, version });
      await ctx.jobs.enqueue(tx, indexNews, { id, version });
    });
    await ctx.cache.invalidate([list]);
    return present(entity);
  };
}
