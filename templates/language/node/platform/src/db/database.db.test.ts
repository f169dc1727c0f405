import { expect, it } from 'vitest';
import { afterCommit, assertTransaction } from './database.ts';
import { type Db, sql } from './port.ts';
import { testDatabase } from './testing.ts';

interface Tables {
  notes: { text: string };
}
const database = await testDatabase();
const db: Db<Tables> = database.schema<Tables>('database_test');
await database.run(sql`drop schema if exists database_test cascade`);
await database.run(sql`create schema database_test`);
await database.run(sql`create table database_test.notes (text text)`);
const texts = async () => (await db.read.selectFrom('notes').select('text').execute()).map(({ text }) => text);

it('commits what resolves, undoes what throws, and tells only of commits', async () => {
  const told: string[] = [];
  const write = (text: string, fail: boolean) =>
    db.transaction(async (tx) => {
      await tx.insertInto('notes').values({ text }).execute();
      afterCommit(() => told.push(text));
      if (fail) throw new Error('no');
    });
  await write('kept', false);
  await expect(write('undone', true)).rejects.toThrow('no');
  expect(await texts()).toEqual(['kept']);
  expect(told).toEqual(['kept']);
});

it('throws where a second connection would be needed inside a transaction, and not after it', async () => {
  const uses = [() => texts(), () => db.transaction(async () => {}), () => sql`select 1`.execute(db.read)];
  const left = await db.transaction(async () => {
    for (const use of uses) await expect(use()).rejects.toThrow('inside an open transaction');
    return { later: new Promise((resolve) => setTimeout(resolve, 50)).then(texts) };
  });
  await expect(left.later).resolves.toBeDefined();
});

it('tells a transaction from the database', async () => {
  await db.transaction(async (tx) => assertTransaction(tx, 'publish'));
  expect(() => assertTransaction(db.read as never, 'publish')).toThrow('publish needs the transaction');
});

it('reads values in the same way on every database', async () => {
  const query = sql`select 9007199254740993::bigint as big, date '2026-02-01' as day, '{"a":[1]}'::jsonb as json`;
  expect(await database.run(query)).toEqual([{ big: '9007199254740993', day: '2026-02-01', json: { a: [1] } }]);
});
