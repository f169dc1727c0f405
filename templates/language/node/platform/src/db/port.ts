import type { Dialect, Kysely, RawBuilder, Transaction } from 'kysely';
import type { Db as JobsDatabase } from 'pg-boss';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export { type ColumnType, type Generated, type Insertable, Kysely, type Selectable, sql, Transaction } from 'kysely';

/** A transaction on the tables of one module: every write, event and job of a change takes the same one. */
export type Tx<T> = Transaction<T>;
// biome-ignore lint/suspicious/noExplicitAny: what is written beside a module's tables does not depend on them
export type AnyTx = Transaction<any>;

/** What a module gets: its own schema and nothing else. */
export interface Db<T> {
  /**
   * Statements of their own that may see what was true a moment ago: on a replica where there is one, except shortly
   * after this process wrote to the schema. Inside an open transaction it throws, as `write` does: use the transaction.
   */
  readonly read: Kysely<T>;
  /** Statements of their own that see every commit: where the writes are. */
  readonly write: Kysely<T>;
  /** Commits when `work` resolves, rolls back when it throws. Throws when a transaction is open already. */
  transaction<R>(work: (tx: Tx<T>) => Promise<R>): Promise<R>;
}

/** The one database of a process. */
export interface Database {
  readonly kind: string;
  schema<T>(name: string): Db<T>;
  /** One statement on the platform's own tables. */
  run<R>(statement: RawBuilder<R>): Promise<R[]>;
  /** Rejects when the database does not answer; for `/readyz`. */
  ping(): Promise<void>;
  readonly driver: DatabaseDriver;
  close(): Promise<void>;
}

/** What an adapter provides: connections, for Kysely and for the job queue. */
export interface DatabaseDriver {
  readonly kind: 'pglite' | 'postgres';
  readonly dialect: Dialect;
  /** Connections to a replica, or to `dialect`'s server where that does not answer. */
  readonly readDialect?: Dialect;
  /** Options that make pg-boss use this database. */
  readonly jobs:
    | { readonly db: JobsDatabase; readonly backend: 'pglite' }
    | { readonly connectionString: string; readonly max: number; readonly options: string };
  /** Connections by state; read for each scrape of the metrics. */
  connections(): { readonly idle: number; readonly used: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** PostgreSQL; without it the embedded database in `dataDir`. */
  readonly url: string | undefined;
  /** A replica of `url` for reads. */
  readonly readUrl?: string | undefined;
  /** The server itself, where `url` and `readUrl` lead through a pooler that keeps nothing of a session. */
  readonly directUrl?: string | undefined;
  readonly dataDir: string;
  readonly production: boolean;
  /** Connections for requests and consumers; jobs and their listener take five more. */
  readonly poolMax: number;
  readonly statementTimeoutMs: number;
  readonly log: Logger;
  readonly metrics: Metrics;
}
export type OpenDriver = (options: DatabaseOptions) => Promise<DatabaseDriver>;
