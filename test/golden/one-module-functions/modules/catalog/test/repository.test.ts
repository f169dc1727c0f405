import { testDb } from '@shop/platform/testing';
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Product as Entity } from '../src/domain/product.ts';
import { count, counts, prune } from '../src/infra/activity.ts';
import { find, insert, markIndexed, page, remove, update } from '../src/infra/repository.ts';
import type { Tables } from '../src/infra/tables.ts';

const table = 'products';
const migrations = new URL('../migrations/', import.meta.url);
let db: Awaited<ReturnType<typeof testDb<Tables>>>;

beforeAll(async () => {
  db = await testDb<Tables>('catalog_test', migrations);
});
beforeEach(async () => {
  await db.transaction(async (tx) => {
    await tx.deleteFrom(table).execute();
    await tx.deleteFrom('activity').execute();
  });
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 9, 0, second, 123));
const example = (second = 0): Entity => ({
  id: randomUUID(),
  name: `Second ${second}`,
  quantity: 3,
  indexedAt: null,
  version: 1,
  createdAt: at(second),
  updatedAt: at(second),
});
const stored = async (second = 0) => {
  const entity = example(second);
  await db.transaction((tx) => insert(tx, entity));
  return entity;
};

it('finds what was stored, to the millisecond', async () => {
  const entity = await stored();
  expect(await find(db.read, entity.id)).toEqual(entity);
  expect(await find(db.read, randomUUID())).toBeUndefined();
});

it('keeps nothing of a transaction that fails', async () => {
  const entity = example();
  const failing = db.transaction(async (tx) => {
    await insert(tx, entity);
    throw new Error('after the insert');
  });
  await expect(failing).rejects.toThrow('after the insert');
  expect(await find(db.read, entity.id)).toBeUndefined();
});

it('pages newest first, also among rows of the same moment', async () => {
  const all = [await stored(1), await stored(2), await stored(2), await stored(2), await stored(3)];
  const ids: string[] = [];
  let last: Entity | undefined;
  do {
    const rows = await page(db.read, 2, last);
    ids.push(...rows.map(({ id }) => id));
    last = rows.at(-1);
  } while (last);
  expect(new Set(ids)).toEqual(new Set(all.map(({ id }) => id)));
  expect(ids).toHaveLength(all.length);
  expect([ids[0], ids[4]]).toEqual([all[4]?.id, all[0]?.id]);
});

it('updates only the version before', async () => {
  const entity = await stored();
  const next = { ...entity, quantity: 4, version: 2 };
  expect(await db.transaction((tx) => update(tx, next))).toBe(true);
  expect(await db.transaction((tx) => update(tx, next))).toBe(false);
  expect(await find(db.read, entity.id)).toEqual(next);
});

it('removes once', async () => {
  const { id } = await stored();
  expect(await db.transaction((tx) => remove(tx, id))).toBe(true);
  expect(await db.transaction((tx) => remove(tx, id))).toBe(false);
});

it('marks only the version that was indexed', async () => {
  const { id } = await stored();
  expect(await db.transaction((tx) => markIndexed(tx, id, 2, at(9)))).toBe(false);
  expect(await db.transaction((tx) => markIndexed(tx, id, 1, at(9)))).toBe(true);
  expect((await find(db.read, id))?.indexedAt).toEqual(at(9));
});

it('counts events by topic and forgets old days', async () => {
  const days = [1, 2, 2].map((day) => new Date(Date.UTC(2026, 0, day)));
  for (const day of days) await db.transaction((tx) => count(tx, 'a.b', day));
  expect(await counts(db.read)).toEqual({ 'a.b': 3 });
  await db.transaction((tx) => prune(tx, new Date(Date.UTC(2026, 0, 2))));
  expect(await counts(db.read)).toEqual({ 'a.b': 2 });
});
