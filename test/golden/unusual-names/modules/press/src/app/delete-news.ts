import { problem } from '@news-desk/platform/contract';
import type { Context, Use } from '../context.ts';
import { pressContract as contract } from '../contract.ts';
import { list, one } from '../infra/cache.ts';
import { remove } from '../infra/repository.ts';

const operation = contract.operations.deleteNews;

export function deleteNews(ctx: Context): Use<'deleteNews'> {
  return async ({ id }) => {
    await ctx.db.transaction(async (tx) => {
      if (!(await remove(tx, id))) throw problem(operation, 'notFound');
      await ctx.outbox.publish(tx, contract.events.newsDeleted, { id });
    });
    await ctx.cache.invalidate([one(id), list]);
    return null;
  };
}
