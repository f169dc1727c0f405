import { type Kysely, sql, type Transaction } from '@shop/platform/db';
import type { Tables } from './tables.ts';

const shards = 16;

/** Counts one event, in the transaction that also remembers that it was consumed. */
export async function count(tx: Transaction<Tables>, topic: string, at: Date): Promise<void> {
  await tx
    .insertInto('activity')
    .values({ topic, day: day(at), shard: Math.floor(Math.random() * shards), count: 1 })
    .onConflict((row) => row.columns(['topic', 'day', 'shard']).doUpdateSet({ count: sql`activity.count + 1` }))
    .execute();
}

export async function counts(db: Kysely<Tables>): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('activity')
    .select((row) => ['topic', row.fn.sum<string>('count').as('total')])
    .groupBy('topic')
    .execute();
  return Object.fromEntries(rows.map(({ topic, total }) => [topic, Number(total)]));
}

/** Removes the counters of the days before `before`; returns how many. */
export async function prune(tx: Transaction<Tables>, before: Date): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('activity')
    .where('day', '<', sql<Date>`${day(before)}::date`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

const day = (at: Date): string => at.toISOString().slice(0, 10);
