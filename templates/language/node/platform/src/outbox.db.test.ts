import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryBus } from './bus/memory.ts';
import type { Bus, Receive } from './bus/port.ts';
import { defineContract, event, Type } from './contract.ts';
import { sql } from './db/port.ts';
import { metrics, silent as log, testDatabase } from './db/testing.ts';
import { createInbox } from './inbox.ts';
import { createRelay, type Relay } from './outbox.ts';

const { events } = defineContract('outbox_test', {
  operations: {},
  events: { made: event({ version: 1, payload: Type.Object({ id: Type.String(), n: Type.Integer() }) }) },
});
const database = await testDatabase();
const db = database.schema<{ effects: { id: string; n: number } }>('outbox_test');
const inbox = createInbox(metrics);
let bus: Bus;
let relay: Relay;

beforeEach(async () => {
  await database.run(sql`delete from platform.outbox`);
  await database.run(sql`drop schema if exists outbox_test cascade`);
  await database.run(sql`create schema outbox_test`);
  await database.run(sql`create table outbox_test.effects (position int generated always as identity, id text, n int)`);
  bus = memoryBus();
  relay = createRelay({ database, log, metrics, attempts: 20, pollMs: 50 });
});
afterEach(() => relay.stop());

const publish = (id: string, ...numbers: number[]) =>
  db.transaction(async (tx) => {
    for (const n of numbers) await relay.outbox.publish(tx, events.made, { id, n });
  });
const consume = (before: (n: number) => void = () => {}): Receive => {
  return (envelope) => {
    const { id, n } = envelope.payload as { id: string; n: number };
    return inbox.receive(db, 'test', envelope, async (tx) => {
      before(n);
      await tx.insertInto('effects').values({ id, n }).execute();
    });
  };
};
const effects = async (id: string) =>
  (await db.read.selectFrom('effects').select('n').where('id', '=', id).orderBy(sql`position`).execute()).map(
    ({ n }) => n,
  );
const rows = () =>
  database.run(sql<{ attempts: number; parked: boolean }>`
  select attempts, parked_at is not null parked from platform.outbox where published_at is null`);

it('publishes what commits, within milliseconds, and nothing that rolls back', async () => {
  const [kept, undone] = [randomUUID(), randomUUID()];
  await bus.subscribe('test', [events.made.topic], consume());
  relay.start(bus);
  await publish(kept, 1);
  const failing = db.transaction(async (tx) => {
    await relay.outbox.publish(tx, events.made, { id: undone, n: 1 });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await vi.waitFor(async () => expect(await effects(kept)).toEqual([1]), { interval: 5 });
  expect(await effects(undone)).toEqual([]);
});

it('has one effect where an event comes again, because a relay died before it marked it', async () => {
  const id = randomUUID();
  const receive = vi.fn(consume());
  await bus.subscribe('test', [events.made.topic], receive);
  relay.start(bus);
  await publish(id, 1);
  await vi.waitFor(async () => expect(await rows()).toEqual([]));
  await database.run(sql`update platform.outbox set published_at = null, available_at = now()`);
  await vi.waitFor(async () => expect(receive).toHaveBeenCalledTimes(2));
  await vi.waitFor(async () => expect(await rows()).toEqual([]));
  expect(await effects(id)).toEqual([1]);
});

it('keeps the order of a key while one of its events fails, and lets other keys pass', async () => {
  const [slow, quick] = [randomUUID(), randomUUID()];
  let failures = 2;
  const failTwice = (n: number) => {
    if (n === 1 && failures-- > 0) throw new Error('not yet');
  };
  await bus.subscribe('test', [events.made.topic], consume(failTwice));
  const other = createRelay({ database, log, metrics, attempts: 20, pollMs: 50 });
  for (const one of [relay, other]) one.start(bus);
  await publish(slow, 1, 2, 3);
  await publish(quick, 9);
  await vi.waitFor(async () => expect(await effects(quick)).toEqual([9]));
  await vi.waitFor(async () => expect(await effects(slow)).toEqual([1, 2, 3]), { timeout: 5_000 });
  await other.stop();
});

it('parks an event that never succeeds, and goes on with its key', async () => {
  const id = randomUUID();
  const failFirst = (n: number) => {
    if (n === 1) throw new Error('never');
  };
  await bus.subscribe('test', [events.made.topic], consume(failFirst));
  await publish(id, 1, 2);
  await database.run(sql`update platform.outbox set attempts = 19`);
  relay.start(bus);
  await vi.waitFor(async () => expect(await effects(id)).toEqual([2]), { timeout: 5_000 });
  expect(await rows()).toEqual([{ attempts: 20, parked: true }]);
});

it('keeps its events, and counts no attempts, while the broker takes nothing', async () => {
  const id = randomUUID();
  let connected = false;
  await bus.subscribe('test', [events.made.topic], consume());
  relay.start({ ...bus, connected: () => connected });
  await publish(id, 1);
  await setTimeout(200);
  expect(await rows()).toEqual([{ attempts: 0, parked: false }]);
  connected = true;
  await vi.waitFor(async () => expect(await effects(id)).toEqual([1]));
});
