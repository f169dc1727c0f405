import { createMetrics } from '../telemetry/metrics.ts';
import { createLogger } from '../telemetry/logger.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { pglite } from './pglite.ts';
import type { Database } from './port.ts';
import { postgres } from './postgres.ts';

export const silent = createLogger('silent', 'test');
export const metrics = createMetrics();
let database: Promise<Database> | undefined;

/** The database of all tests in this worker: in memory, or PostgreSQL where DATABASE_URL is set. Each takes a schema. */
export function testDatabase(): Promise<Database> {
  database ??= open();
  return database;
}

async function open(): Promise<Database> {
  const opened = await openDatabase(
    { pglite, postgres },
    {
      url: process.env.DATABASE_URL,
      dataDir: 'memory://',
      production: false,
      poolMax: 10,
      statementTimeoutMs: 10_000,
      log: silent,
      metrics,
    },
  );
  await migrate(opened, []);
  return opened;
}
