import type { Kysely, Transaction } from '@shop/platform/db';
import type { Product as Entity } from '../domain/product.ts';
import type { Position } from './cursor.ts';
import type { EntityRow, Tables } from './tables.ts';

/** Reads take the database or a transaction; writes only a transaction, so that no effect escapes it. */
type Reader = Kysely<Tables>;
type Writer = Transaction<Tables>;
const table = 'products';

export async function find(db: Reader, id: string): Promise<Entity | undefined> {
  const row = await db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst();
  return row && toEntity(row);
}

/** Newest first, after `position`: reads `limit` rows of an index wherever the page is, unlike an offset. */
export async function page(db: Reader, limit: number, position?: Position): Promise<Entity[]> {
  let query = db.selectFrom(table).selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (position) {
    const { createdAt, id } = position;
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(createdAt, id)));
  }
  return (await query.execute()).map(toEntity);
}

export async function insert(tx: Writer, entity: Entity): Promise<void> {
  await tx.insertInto(table).values(toRow(entity)).execute();
}

/** Writes the version after `entity.version - 1`; false when another writer was faster. */
export async function update(tx: Writer, entity: Entity): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable(table)
    .set(toRow(entity))
    .where('id', '=', entity.id)
    .where('version', '=', entity.version - 1)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** False when there was none. */
export async function remove(tx: Writer, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom(table).where('id', '=', id).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Marks `version` as indexed; nothing happens when a newer version came in between, which has a job of its own. */
export async function markIndexed(tx: Writer, id: string, version: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable(table)
    .set({ indexed_at: now })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

const toEntity = (row: EntityRow): Entity => ({
  id: row.id,
  name: row.name,
  quantity: row.quantity,
  indexedAt: row.indexed_at,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
const toRow = (entity: Entity): EntityRow => ({
  id: entity.id,
  name: entity.name,
  quantity: entity.quantity,
  indexed_at: entity.indexedAt,
  version: entity.version,
  created_at: entity.createdAt,
  updated_at: entity.updatedAt,
});
