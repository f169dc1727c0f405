import { PostgresDialect } from 'kysely';
import { Pool, type PoolConfig, types } from 'pg';
import type { OpenDriver } from './port.ts';

/** Dates stay text, as in the embedded database: node-postgres would read them in the zone of the process. */
const text = (value: string) => value;
const isDate = (oid: number) => oid === types.builtins.DATE;

/**
 * PostgreSQL through one pool, and one more for reads where there is a replica. Nothing waits without an end: to connect,
 * for a statement, in an idle transaction. A pooler takes no settings of a session: there the limits are those of the
 * role, and jobs, which listen, go to the server itself.
 */
export const postgres: OpenDriver = async ({ url, readUrl, directUrl, poolMax, statementTimeoutMs, log }) => {
  const limits: PoolConfig = directUrl
    ? { query_timeout: 2 * statementTimeoutMs }
    : { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 2 * statementTimeoutMs };
  function open(connectionString: string | undefined, connectionTimeoutMillis: number): Pool {
    const made = new Pool({
      connectionString,
      max: poolMax,
      connectionTimeoutMillis,
      idleTimeoutMillis: 30_000,
      ...limits,
      types: { getTypeParser: (oid, format) => (isDate(oid) ? text : types.getTypeParser(oid, format)) },
    });
    // Without listeners a connection that breaks would end the process: while it is idle the pool tells of it, and while
    // it is lent to a transaction only the connection itself. The pool replaces it.
    made.on('connect', (client) => {
      client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'));
    });
    made.on('error', () => {});
    return made;
  }
  const pool = open(url, 5_000);
  const replica = readUrl ? open(readUrl, 1_000) : undefined;
  const connectToRead = (from: Pool) => ({
    options: from.options,
    connect: () =>
      from.connect().catch((error) => {
        log.warn({ err: error }, 'the replica gives no connection: the read goes to the primary');
        return pool.connect();
      }),
    end: () => from.end(),
  });
  const pools = replica ? [pool, replica] : [pool];
  const count = (of: (pool: Pool) => number) => pools.reduce((sum, each) => sum + of(each), 0);
  return {
    kind: 'postgres',
    dialect: new PostgresDialect({ pool }),
    ...(replica ? { readDialect: new PostgresDialect({ pool: connectToRead(replica) }) } : {}),
    // Jobs are added by the transactions of modules. Here they are only fetched and marked: losing such a mark when the
    // server crashes runs a job again, and not waiting for the disk each time is worth that.
    jobs: { connectionString: (directUrl ?? url) as string, max: 4, options: '-c synchronous_commit=off' },
    connections: () => ({
      idle: count(({ idleCount }) => idleCount),
      used: count(({ totalCount, idleCount }) => totalCount - idleCount),
      waiting: count(({ waitingCount }) => waitingCount),
    }),
    close: async () => void (await Promise.all(pools.map((each) => each.end()))),
  };
};
