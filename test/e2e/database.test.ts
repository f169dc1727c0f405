import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Platform, platform } from './support/bus.ts';
import { stopAll } from './support/processes.ts';
import { missing, pgbouncer, replicaOf, restartablePostgres } from './support/services.ts';
import { until } from './support/wait.ts';

let installed: Platform;
const opened: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  if (!missing.postgres()) installed = await platform();
}, 300_000);
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
afterAll(stopAll);

const module = (path: string) => import(/* @vite-ignore */ join(installed.dir, 'src', path));
const log = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, () => {}]));
const child = { ...log, child: () => log };

/** The database port of a generated system, as its host opens it. */
async function open(options: { url: string; readUrl?: string; directUrl?: string; poolMax?: number }) {
  const [{ openDatabase }, { postgres }, { migrate }, { createMetrics }, { sql }] = await Promise.all(
    ['db/database.ts', 'db/postgres.ts', 'db/migrate.ts', 'telemetry/metrics.ts', 'db/port.ts'].map(module),
  );
  const metrics = createMetrics();
  const given = { dataDir: '', production: true, poolMax: 10, statementTimeoutMs: 10_000, log: child, metrics };
  const database = await openDatabase({ postgres }, { ...given, ...options });
  opened.push(database);
  await migrate(database, []);
  await database.run(sql`create schema if not exists notes`);
  await database.run(sql`create table if not exists notes.notes (text text)`);
  const db = database.schema('notes');
  return {
    database,
    metrics,
    sql,
    read: () => texts(db.read),
    write: () => texts(db.write),
    add: (text: string) =>
      db.transaction((tx: Kysely) => tx.insertInto('notes').values({ text }).execute()) as Promise<void>,
  };
}
// biome-ignore lint/suspicious/noExplicitAny: Kysely, which this repository does not depend on
type Kysely = any;
const texts = async (from: Kysely): Promise<string[]> =>
  (await from.selectFrom('notes').select('text').execute()).map(({ text }: { text: string }) => text);

async function query(url: string, text: string): Promise<void> {
  const client = new (installed.require('pg').Client)(url);
  await client.connect();
  await client.query(text);
  await client.end();
}

test('reads go to a replica; what a process wrote it reads again; without the replica, from the primary', async ({
  skip,
}) => {
  const why = missing.postgres();
  if (why) skip(why);
  const primary = await restartablePostgres();
  const replica = await replicaOf(primary.url);
  const own = await open({ url: primary.url, readUrl: replica.url });
  await own.add('first');
  await until('the replica has it', async () => {
    await sleep(1_100);
    return (await own.read()).length === 1;
  });
  await query(replica.url, 'select pg_wal_replay_pause()');
  await own.add('second');
  expect(await own.read()).toEqual(['first', 'second']);
  expect(await own.write()).toEqual(['first', 'second']);
  await sleep(1_100);
  expect(await own.read()).toEqual(['first']);
  expect(await own.write()).toEqual(['first', 'second']);
  await query(replica.url, 'select pg_wal_replay_resume()');
  await until('the replica follows', async () => (await own.read()).length === 2);

  await replica.kill();
  await until('reads are served by the primary', async () => (await own.read()).length === 2);
  await replica.start();
  await query(primary.url, "insert into notes.notes values ('third')");
  await until('the replica is read again', async () => (await own.read()).length === 3);
});

test('works through PgBouncer in transaction mode; jobs listen at the server itself', async ({ skip }) => {
  const why = missing.postgres() ?? missing.pgbouncer();
  if (why) skip(why);
  const server = await restartablePostgres();
  const pooler = await pgbouncer(server.url);
  await expect(open({ url: pooler.url })).rejects.toThrow('unsupported startup parameter');

  const own = await open({ url: pooler.url, readUrl: pooler.url, directUrl: server.url, poolMax: 20 });
  const ids = Array.from({ length: 200 }, () => randomUUID());
  // More at a time than the server has connections for: each statement may be on another one.
  await Promise.all(ids.map((id) => own.add(id)));
  expect((await own.read()).sort()).toEqual([...ids].sort());

  const [{ openJobQueue }, { Type }] = await Promise.all([
    module('jobs/pgboss.ts'),
    Promise.resolve(installed.require('typebox')),
  ]);
  const { database, metrics } = own;
  const queue = await openJobQueue({ database, log: child, metrics, migrate: true, pollSeconds: 60 });
  opened.push({ close: () => queue.stop(5_000) });
  const ran: string[] = [];
  const note = {
    name: 'note',
    payload: Type.Object({ id: Type.String() }),
    options: {},
    run: async ({ id }: { id: string }) => void ran.push(id),
  };
  await queue.start({ notes: [note] }, true);
  await sleep(2_000);
  const db = database.schema('notes');
  await db.transaction((tx: Kysely) => queue.for('notes').enqueue(tx, note, { id: 'woken' }));
  // Long before a worker would look by itself.
  await until('the job runs', () => ran.includes('woken'), { withinMs: 10_000 });
});
