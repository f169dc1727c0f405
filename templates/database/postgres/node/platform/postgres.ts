import { PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { OpenDriver } from './port.ts';

/** Dates stay text, as in the embedded database: node-postgres would read them in the zone of the process. */
const text = (value: string) => value;
const isDate = (oid: number) => oid === types.builtins.DATE;

/** PostgreSQL through one pool. Nothing waits without an end: to connect, for a statement, in an idle transaction. */
export const postgres: OpenDriver = async ({ url, poolMax, statementTimeoutMs, log }) => {
  const connectionString = url as string;
  const pool = new Pool({
    connectionString,
    max: poolMax,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    types: { getTypeParser: (oid, format) => (isDate(oid) ? text : types.getTypeParser(oid, format)) },
  });
  // A connection that breaks while it is idle: the pool replaces it, and without a listener the process would end.
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'));
  return {
    kind: 'postgres',
    dialect: new PostgresDialect({ pool }),
    // Jobs are added by the transactions of modules. Here they are only fetched and marked: losing such a mark when the
    // server crashes runs a job again, and not waiting for the disk each time is worth that.
    jobs: { connectionString, max: 4, options: '-c synchronous_commit=off' },
    connections: () => ({
      idle: pool.idleCount,
      used: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
};
