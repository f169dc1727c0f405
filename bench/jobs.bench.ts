import { missing, postgres } from '../test/e2e/support/services.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { onPlatform } from './support/platform.ts';

/** Enqueues in business transactions of 50 jobs, then runs them all; jobs per second of each of three rounds. */
const program = `
import { Type } from './src/contract.ts';
import { metrics, silent as log, testDatabase } from './src/db/testing.ts';
import { openJobQueue } from './src/jobs/pgboss.ts';

const count = 6_000;
const database = await testDatabase();
const db = database.schema('bench');
let [left, finished] = [0, () => {}];
const run = async () => {
  if (--left === 0) finished();
};
const job = { name: 'noop', payload: Type.Object({ n: Type.Integer() }), run, options: {} };
const rounds = [];
for (let round = 0; round < 3; round++) {
  const queue = await openJobQueue({ database, log, metrics, migrate: true });
  await queue.start({ bench: [job] }, false);
  const jobs = queue.for('bench');
  let started = performance.now();
  const writer = async () => {
    while (left < count) {
      left += 50;
      await db.transaction(async (tx) => {
        for (let n = 0; n < 50; n++) await jobs.enqueue(tx, job, { n });
      });
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
  const enqueued = (1000 * left) / (performance.now() - started);
  const total = left;
  const all = new Promise((resolve) => (finished = resolve));
  started = performance.now();
  await queue.start({ bench: [job] }, true);
  await all;
  rounds.push({ enqueued, run: (1000 * total) / (performance.now() - started) });
  await queue.stop(1_000);
}
await database.close();
console.log(JSON.stringify(rounds));
`;

export const bench: Bench = {
  title: 'Jobs of a generated system on PostgreSQL (which does not wait for the disk)',
  missing: missing.postgres,
  async run() {
    const database = await postgres();
    const rounds = onPlatform<{ enqueued: number; run: number }[]>(program, { DATABASE_URL: database.url });
    await database.process.stop();
    const row = (name: string, values: readonly number[], limit?: number) => ({
      name,
      value: median(values),
      unit: '1/s' as const,
      spread: [Math.min(...values), Math.max(...values)] as const,
      ...(limit === undefined ? {} : { limit }),
    });
    return [
      row(
        'jobs run, default concurrency',
        rounds.map(({ run }) => run),
        3_000,
      ),
      row(
        'jobs enqueued, each with a statement of its own',
        rounds.map(({ enqueued }) => enqueued),
      ),
    ];
  },
};
