import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Type } from '../contract.ts';
import { sql } from '../db/port.ts';
import { metrics, silent as log, testDatabase } from '../db/testing.ts';
import { openJobQueue } from './pgboss.ts';
import type { JobDefinition, JobQueue } from './port.ts';

const payload = Type.Object({ id: Type.Optional(Type.String()) });
const database = await testDatabase();
const db = database.schema<never>('jobs_test');
let queue: JobQueue;
const define = (name: string, run: JobDefinition['run'], options: JobDefinition['options'] = {}) => ({
  name,
  payload,
  run,
  options,
});
const index = define(
  'index',
  vi.fn(async () => {}),
);
const flaky = define(
  'flaky',
  vi.fn(async (_, { attempt }) => {
    if (attempt === 1) throw new Error('once');
  }),
);
const slow = define(
  'slow',
  vi.fn(() => new Promise<never>(() => {})),
  { timeoutMs: 50, attempts: 1 },
);
const daily = define('daily', async () => {}, { cron: '0 3 * * *' });
const jobs = [index, flaky, slow, daily];

beforeAll(async () => {
  queue = await openJobQueue({ database, log, metrics, migrate: true, pollSeconds: 0.5 });
  await queue.start({ jobs_test: jobs }, true);
});
afterAll(() => queue.stop(1_000));
const enqueue = (job: JobDefinition, value: { id?: string }) =>
  db.transaction((tx) => queue.for('jobs_test').enqueue(tx, job, value));

it('runs a job of a change that commits, and none of one that rolls back', async () => {
  await enqueue(index, { id: 'kept' });
  const undone = db.transaction(async (tx) => {
    await queue.for('jobs_test').enqueue(tx, index, { id: 'undone' });
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  await vi.waitFor(() => expect(index.run).toHaveBeenCalled());
  expect(vi.mocked(index.run).mock.calls.map(([value]) => value)).toEqual([{ id: 'kept' }]);
});

it('tries again after a failure, and keeps what never succeeds in time as a dead letter', async () => {
  await database.run(sql`delete from pgboss.job where name = 'platform.dead-letter'`);
  await enqueue(flaky, {});
  await enqueue(slow, { id: 'late' });
  const dead = () =>
    database.run(sql`select data->'payload' payload from pgboss.job where name = 'platform.dead-letter'`);
  await vi.waitFor(async () => expect(await dead()).toEqual([{ payload: { id: 'late' } }]), { timeout: 10_000 });
  await vi.waitFor(() => expect(flaky.run).toHaveBeenCalledTimes(2), { timeout: 10_000 });
});

it('refuses a wrong payload, an unknown job and an enqueue without the transaction', async () => {
  await expect(enqueue(index, { id: 1 } as never)).rejects.toThrow('Payload of the job index: #/id');
  await expect(
    enqueue(
      define('other', async () => {}),
      {},
    ),
  ).rejects.toThrow('jobs_test.other is no job of this process');
  await expect(queue.for('jobs_test').enqueue(db.read as never, index, {})).rejects.toThrow('needs the transaction');
});

it('runs what is due, schedules too, where nothing goes on in the background', async () => {
  const every = define(
    'every-minute',
    vi.fn(async () => {}),
    { cron: '* * * * *' },
  );
  const hosted = { jobs_drain: [index, every] };
  const minute = () => Math.floor(Date.now() / 60_000);
  const began = minute();
  await queue.start(hosted, false);
  const told = vi.fn();
  const passing = await openJobQueue({ database, log, metrics, migrate: false, onWork: told });
  passing.know(hosted);
  vi.mocked(index.run).mockClear();
  await db.transaction(async (tx) => {
    await passing.for('jobs_drain').enqueue(tx, index, { id: 'later' });
    expect(told).not.toHaveBeenCalled();
  });
  expect(told).toHaveBeenCalledOnce();
  expect(index.run).not.toHaveBeenCalled();
  await passing.drain(Date.now() + 10_000);
  expect(vi.mocked(index.run).mock.calls.map(([value]) => value)).toEqual([{ id: 'later' }]);
  // Whoever looks again in the same minute starts nothing twice.
  await passing.drain(Date.now() + 10_000);
  if (minute() === began) expect(every.run).toHaveBeenCalledOnce();
  await passing.stop(1_000);
});

it('has the schedules of the present jobs and no others', async () => {
  const schedules = () => database.run(sql`select name, cron from pgboss.schedule where name like 'jobs_test.%'`);
  expect(await schedules()).toEqual([{ name: 'jobs_test.daily', cron: '0 3 * * *' }]);
  await queue.start({ jobs_test: [index] }, false);
  expect(await schedules()).toEqual([]);
});
