import { type Static, Type } from '@shop/platform/contract';
import { job } from '@shop/platform/module';
import type { Context } from './context.ts';
import { prune } from './infra/activity.ts';
import { list, one } from './infra/cache.ts';
import { markIndexed } from './infra/repository.ts';

const retentionMs = 90 * 24 * 60 * 60 * 1000;

/** Stands for slow work that nobody should wait for: it runs after the answer, at least once, and retries. */
const indexing = Type.Object({ id: Type.String({ format: 'uuid' }), version: Type.Integer() });
export const indexProduct = job('index-product', indexing, runIndexing);

async function runIndexing({ id, version }: Static<typeof indexing>, ctx: Context): Promise<void> {
  const marked = await ctx.db.transaction((tx) => markIndexed(tx, id, version, ctx.clock()));
  if (marked) await ctx.cache.invalidate([one(id), list]);
}

/** Every night at 03:15 UTC. */
export const pruneActivity = job('prune-activity', Type.Object({}), runPruning, { cron: '15 3 * * *' });

async function runPruning(_: object, ctx: Context): Promise<void> {
  const before = new Date(ctx.clock().getTime() - retentionMs);
  const removed = await ctx.db.transaction((tx) => prune(tx, before));
  ctx.log.info({ removed }, 'pruned the activity counters');
}

export const jobs = [indexProduct, pruneActivity];
