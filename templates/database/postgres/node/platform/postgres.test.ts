import { CompiledQuery, Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { postgres } from './postgres.ts';

const url = process.env.DATABASE_URL;

it.skipIf(!url)('outlives a server that ends the connection of an open transaction', async () => {
  const { dialect, close } = await postgres({
    url,
    dataDir: '',
    production: false,
    poolMax: 2,
    statementTimeoutMs: 5_000,
    log: createLogger('silent', 'test'),
    metrics: createMetrics(),
  });
  const db = new Kysely<unknown>({ dialect });
  const ask = async (on: Kysely<unknown>, query: string) =>
    (await on.executeQuery<{ value: number }>(CompiledQuery.raw(query))).rows[0]?.value;
  await expect(
    db.transaction().execute(async (tx) => {
      const pid = await ask(tx, 'select pg_backend_pid() value');
      await ask(db, `select pg_terminate_backend(${pid}) value`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await ask(tx, 'select 1 value');
    }),
  ).rejects.toThrow();
  expect(await ask(db, 'select 1 value')).toBe(1);
  await close();
});
