import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assertMigrated, migrate } from './migrate.ts';
import { sql } from './port.ts';
import { testDatabase } from './testing.ts';

const database = await testDatabase();
const schema = 'migrate_test';
let folder: string;
const sources = () => [{ schema, folder: pathToFileURL(`${folder}/`) }];
const put = (file: string, text: string) => writeFile(join(folder, file), text);
const tables = async () =>
  (
    await database.run(
      sql<{ name: string }>`select tablename name from pg_tables where schemaname = ${schema} order by 1`,
    )
  ).map(({ name }) => name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-'));
  await database.run(sql`drop schema if exists migrate_test cascade`);
  await database.run(sql`delete from platform.migrations where schema = ${schema}`);
});

afterEach(() => rm(folder, { recursive: true }));

it('applies each file once, in order, whoever starts at the same time', async () => {
  await put(
    '0002_more.sql',
    `create function f() returns int language sql as $$ select 1 $$; insert into a values (f());`,
  );
  await put('0001_init.sql', 'create table a (n int); create table b ();\r\n-- the end');
  await expect(assertMigrated(database, sources())).rejects.toThrow('migrate_test/0001_init.sql is not applied');
  const [first, second] = await Promise.all([migrate(database, sources()), migrate(database, sources())]);
  expect([...first, ...second].sort()).toEqual(['migrate_test/0001_init.sql', 'migrate_test/0002_more.sql']);
  expect(await tables()).toEqual(['a', 'b']);
  expect(await database.run(sql`select n from migrate_test.a`)).toEqual([{ n: 1 }]);
  await assertMigrated(database, sources());
});

it('refuses an applied file that was changed', async () => {
  await put('0001_init.sql', 'create table a ()');
  await migrate(database, sources());
  await put('0001_init.sql', 'create table b ()');
  await expect(migrate(database, sources())).rejects.toThrow(
    'migrate_test/0001_init.sql was changed after it was applied',
  );
  expect(await tables()).toEqual(['a']);
});

it('keeps the files before one that fails, and nothing of that one', async () => {
  await put('0001_init.sql', 'create table a ()');
  await put('0002_bad.sql', 'create table b (); create tabel c ()');
  await expect(migrate(database, sources())).rejects.toThrow(/migrate_test\/0002_bad.sql failed: .*tabel/);
  expect(await tables()).toEqual(['a']);
});
