import type { Kysely, Transaction } from '@shop/platform/db';
import type { PlacementRow, Tables } from './tables.ts';

export async function placementOf(db: Kysely<Tables>, id: string): Promise<PlacementRow | undefined> {
  return db.selectFrom('placements').selectAll().where('entity_id', '=', id).executeTakeFirst();
}

/** False when its placement was begun before. */
export async function begin(tx: Transaction<Tables>, id: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('placements')
    .values({ entity_id: id, state: 'placing', refusal: null })
    .onConflict((row) => row.column('entity_id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function end(tx: Transaction<Tables>, id: string, refusal: string | null): Promise<void> {
  const state = refusal === null ? 'placed' : 'refused';
  await tx.updateTable('placements').set({ state, refusal }).where('entity_id', '=', id).execute();
}
