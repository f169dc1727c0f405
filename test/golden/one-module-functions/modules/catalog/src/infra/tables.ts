import type { ColumnType, Selectable } from '@shop/platform/db';

/** The tables of this module, as its migrations make them. */
export interface Tables {
  products: EntityTable;
  activity: ActivityTable;
  reservations: ReservationTable;
}
export interface EntityTable {
  id: string;
  name: string;
  quantity: number;
  indexed_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}
export type EntityRow = Selectable<EntityTable>;
/** What callers hold of one entity's quantity. */
interface ReservationTable {
  id: string;
  entity_id: string;
  quantity: number;
  state: 'held' | 'confirmed' | 'released';
  held_at: Date;
}
export type ReservationRow = Selectable<ReservationTable>;
/** Counters for each topic and day, spread over shards so that concurrent consumers do not wait for one row. */
interface ActivityTable {
  topic: string;
  day: ColumnType<Date, string, never>;
  shard: number;
  count: ColumnType<string, number, number>;
}
