import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createIdempotencyStore } from './idempotency.ts';
import { sql } from './port.ts';
import { silent, testDatabase } from './testing.ts';

const database = await testDatabase();
const store = createIdempotencyStore(database, { timeoutMs: 10_000, log: silent });
const db = database.schema<{ effects: { id: string } }>('idempotency_test');
await database.run(sql`drop schema if exists idempotency_test cascade`);
await database.run(sql`create schema idempotency_test`);
await database.run(sql`create table idempotency_test.effects (id text)`);

const request = (key: string, fingerprint = 'a') => ({ operation: 'x.create', subject: 'me', key, fingerprint });
const create = (id: string) => async () => {
  await db.transaction(async (tx) => void (await tx.insertInto('effects').values({ id }).execute()));
  return { status: 201, headers: {}, body: id };
};
const effects = async (id: string) =>
  (await db.read.selectFrom('effects').where('id', '=', id).selectAll().execute()).length;

it('has one effect and gives its answer to repetitions, also to those at the same time', async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 5 }, () => store.once(request(key), create(key))));
  expect(await effects(key)).toBe(1);
  expect(answers.filter((answer) => typeof answer === 'object' && !answer.replayed)).toHaveLength(1);
  expect(await store.once(request(key), create(key))).toMatchObject({ response: { body: key }, replayed: true });
  expect(await store.once(request(key, 'b'), create(key))).toBe('mismatch');
});

it('leaves no trace of work that throws', async () => {
  const key = randomUUID();
  const fail = () => create(key)().then(() => Promise.reject(new Error('late')));
  await expect(store.once(request(key), fail)).rejects.toThrow('late');
  await expect(store.once(request(key), create(key))).resolves.toMatchObject({ replayed: false });
});

it('does not repeat an effect whose answer was lost in a crash', async () => {
  const key = randomUUID();
  await store.once(request(key), create(key));
  await database.run(sql`update platform.idempotency set response = null where key = ${key}`);
  expect(await store.once(request(key), create(key))).toBe('in-progress');
  // Nobody is still answering it then.
  await database.run(sql`update platform.idempotency set created_at = now() - interval '11 s' where key = ${key}`);
  expect(await store.once(request(key), create(key))).toBe('lost');
  expect(await effects(key)).toBe(1);
});

it('answers although the answer cannot be kept', async () => {
  const key = randomUUID();
  const full = `idempotency_full_${key.slice(0, 8)}`;
  const work = async () => {
    const response = await create(key)();
    await database.run(sql`alter table platform.idempotency rename to ${sql.id(full)}`);
    return response;
  };
  const answer = await store.once(request(key), work).finally(async () => {
    await database.run(sql`alter table platform.${sql.id(full)} rename to idempotency`);
  });
  expect(answer).toMatchObject({ response: { body: key }, replayed: false });
});
