import { type Kysely, sql, type Transaction } from '@shop/platform/db';
import type { ReservationRow, Tables } from './tables.ts';

const table = 'products';
type Reader = Kysely<Tables>;
type Writer = Transaction<Tables>;
export type Reservation = Pick<ReservationRow, 'id' | 'entity_id' | 'quantity' | 'state'>;
/** What an event tells of an entity whose quantity changed. */
export interface Change {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

/** Writes the reservation unless there is one with its id already; another caller with the same id waits here. */
export async function note(tx: Writer, reservation: Reservation, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('reservations')
    .values({ ...reservation, held_at: now })
    .onConflict((row) => row.columns(['entity_id', 'id']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The reservation, which nobody else can change until the transaction ends. */
export async function reserved(tx: Writer, entity: string, id: string): Promise<Reservation | undefined> {
  return tx
    .selectFrom('reservations')
    .select(['id', 'entity_id', 'quantity', 'state'])
    .where('entity_id', '=', entity)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export async function settle(tx: Writer, { entity_id, id }: Reservation, state: Reservation['state']): Promise<void> {
  await tx.updateTable('reservations').set({ state }).where('entity_id', '=', entity_id).where('id', '=', id).execute();
}

/** Adds to the quantity, or takes from it; undefined where there is no such entity or not as much of it. */
export async function add(tx: Writer, id: string, difference: number, now: Date): Promise<Change | undefined> {
  return tx
    .updateTable(table)
    .set({ quantity: sql`quantity + ${difference}`, version: sql`version + 1`, indexed_at: null, updated_at: now })
    .where('id', '=', id)
    .where(sql<boolean>`quantity + ${difference} >= 0`)
    .returning(['id', 'name', 'version'])
    .executeTakeFirst();
}

/** Some of those that were held before `time` and neither confirmed nor released. */
export async function heldBefore(db: Reader, time: Date, limit: number): Promise<Reservation[]> {
  return db
    .selectFrom('reservations')
    .select(['id', 'entity_id', 'quantity', 'state'])
    .where('state', '=', 'held')
    .where('held_at', '<', time)
    .orderBy('held_at')
    .limit(limit)
    .execute();
}
