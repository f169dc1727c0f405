import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { Problem, Type } from './contract.ts';
import { sql } from './db/port.ts';
import { silent as log, testDatabase } from './db/testing.ts';
import type { Jobs } from './jobs/port.ts';
import { createSagas, saga, sagaJob } from './saga.ts';

const database = await testDatabase();
const db = database.schema<unknown>('platform');
/** What was asked of the queue: the test runs it when it wants to. */
let queued: { id: string }[];
const jobs: Jobs = { enqueue: async (_, __, payload) => void queued.push(payload as { id: string }) };
let done: string[];
let answers: Record<string, () => void>;
const step = (name: string) => ({
  run: async () => {
    answers[name]?.();
    done.push(name);
  },
  undo: async () => {
    answers[`undo ${name}`]?.();
    done.push(`undo ${name}`);
  },
});
const example = (timeoutMs = 60_000) =>
  saga('example', Type.Object({ n: Type.Integer() }), {
    timeoutMs,
    steps: [step('a'), step('b'), step('c')],
    ended: async (_, __, ___, refusal) => void done.push(refusal ?? 'done'),
  });
const tools = { id: '', attempt: 1, signal: new AbortController().signal, log };
/** Starts one and carries it on until nothing is left to do. */
async function play(of = example()): Promise<string[]> {
  const id = randomUUID();
  const sagas = createSagas('test', jobs);
  await db.transaction((tx) => sagas.start(tx, of, id, { n: 1 }));
  const job = sagaJob('test', database, of, { db, jobs });
  for (let next = queued.shift(); next; next = queued.shift()) await job.run(next, tools);
  return done;
}
const once = (error: Error) => {
  let thrown = false;
  return () => {
    if (thrown) return;
    thrown = true;
    throw error;
  };
};
const refusal = () => {
  throw new Problem('stock:not-enough', 409);
};

beforeEach(async () => {
  [queued, done, answers] = [[], [], {}];
  await database.run(sql`delete from platform.saga`);
});

it('does every step once and ends', async () => {
  expect(await play()).toEqual(['a', 'b', 'c', 'done']);
});

it('tries again what fails, from where it was', async () => {
  answers.b = once(new Error('the network is down'));
  expect(await play()).toEqual(['a', 'b', 'c', 'done']);
});

it('undoes what was begun when one says no, and tries undoing until it works', async () => {
  answers.b = refusal;
  answers['undo a'] = once(new Error('the network is down'));
  expect(await play()).toEqual(['a', 'undo b', 'undo a', 'stock:not-enough']);
});

it('takes trouble of the platform for trouble, not for a no', async () => {
  answers.a = once(new Problem('platform:unauthenticated', 401));
  expect(await play()).toEqual(['a', 'b', 'c', 'done']);
});

it('gives up when the time is over', async () => {
  expect(await play(example(-1))).toEqual(['undo a', 'timeout']);
});

it('starts once for an id, and not when the change rolls back', async () => {
  const sagas = createSagas('test', jobs);
  const of = example();
  const failing = db.transaction(async (tx) => {
    await sagas.start(tx, of, 'x', { n: 1 });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  queued = [];
  for (let time = 0; time < 2; time += 1) await db.transaction((tx) => sagas.start(tx, of, 'x', { n: 1 }));
  expect(queued).toEqual([{ id: 'x' }]);
});

it('lets one of two runs of the same saga go on', async () => {
  const of = example();
  const sagas = createSagas('test', jobs);
  await db.transaction((tx) => sagas.start(tx, of, 'y', { n: 1 }));
  const job = sagaJob('test', database, of, { db, jobs });
  await Promise.all([job.run({ id: 'y' }, tools), job.run({ id: 'y' }, tools)]);
  await job.run({ id: 'y' }, tools);
  expect(done.filter((what) => what === 'done')).toEqual(['done']);
});
