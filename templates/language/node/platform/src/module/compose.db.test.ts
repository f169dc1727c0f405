import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { defineContract, event, isProblem, operation, problem, Type } from '../contract.ts';
import { sql, type Transaction } from '../db/port.ts';
import { metrics, silent, testDatabase } from '../db/testing.ts';
import { createInbox } from '../inbox.ts';
import { consume, defineModule, type ModuleContext } from '../module.ts';
import { compose, type Hosted, receiverOf } from './compose.ts';

const stock = defineContract('stock', {
  operations: {
    getItem: operation({
      method: 'GET',
      path: '/items/{id}',
      summary: 'Get.',
      scope: 'stock:read',
      input: Type.Object({ id: Type.String() }),
      output: Type.Object({ id: Type.String(), tags: Type.Array(Type.String()) }),
      errors: { notFound: 404 },
    }),
  },
  events: { sold: event({ version: 1, payload: Type.Object({ count: Type.Integer() }) }) },
});
const shelf = { id: 'a', tags: ['new'] };
const stockModule = defineModule({
  contract: stock,
  requires: {},
  migrations: new URL('file:///none/'),
  create: () => ({
    operations: {
      getItem: async ({ id }) => {
        if (id === 'wrong') return { id: 1 } as never;
        if (id !== 'a') throw problem(stock.operations.getItem, 'notFound');
        return shelf;
      },
    },
  }),
});
const sales = defineContract('sales', { operations: {} });
type Context = ModuleContext<{ sold: { count: number } }, { stock: typeof stock }>;
let ctx: Context;
const salesModule = defineModule({
  contract: sales,
  requires: { stock },
  migrations: new URL('file:///none/'),
  create: (given: Context) => {
    ctx = given;
    const add = ({ payload }: { payload: { count: number } }, tx: Transaction<{ sold: { count: number } }>) =>
      tx
        .insertInto('sold')
        .values(payload)
        .execute()
        .then(() => {});
    return { operations: {}, consumers: [consume(stock.events.sold, add)] };
  },
});

const database = await testDatabase();
const unused = undefined as never;
const { hosted } = compose([stockModule, salesModule], {
  database,
  outbox: unused,
  log: silent,
  cache: () => unused,
  jobs: () => unused,
});

it('gives every caller a copy of its own', async () => {
  const item = await ctx.contracts.stock.getItem({ id: 'a' });
  item.tags.push('changed');
  expect(await ctx.contracts.stock.getItem({ id: 'a' })).toEqual({ id: 'a', tags: ['new'] });
});

it('lets the problems of the contract through, and nothing that it forbids', async () => {
  const error = await ctx.contracts.stock.getItem({ id: 'b' }).catch((reason: unknown) => reason);
  expect(isProblem(error, stock.operations.getItem, 'notFound')).toBe(true);
  await expect(ctx.contracts.stock.getItem({ id: 1 } as never)).rejects.toThrow('stock.getItem was called with');
  await expect(ctx.contracts.stock.getItem({ id: 'wrong' })).rejects.toThrow('stock.getItem answered');
});

it('refuses a call inside a transaction', async () => {
  const call = ctx.db.transaction(() => ctx.contracts.stock.getItem({ id: 'a' }));
  await expect(call).rejects.toThrow('Calling stock.getItem inside an open transaction');
});

it('has the effect of an event once, and none of a wrong one', async () => {
  await database.run(sql`drop schema if exists sales cascade`);
  await database.run(sql`create schema sales`);
  await database.run(sql`create table sales.sold (count int)`);
  const { topics, receive } = receiverOf(hosted[1] as Hosted, createInbox(metrics));
  expect(topics).toEqual(['stock.sold']);
  const envelope = { id: randomUUID(), topic: 'stock.sold', version: 1, occurredAt: new Date().toISOString() };
  await receive({ ...envelope, payload: { count: 2 } });
  await receive({ ...envelope, payload: { count: 2 } });
  await expect(receive({ ...envelope, id: randomUUID(), payload: { count: 'two' } })).rejects.toThrow('contract');
  expect(await ctx.db.read.selectFrom('sold').selectAll().execute()).toEqual([{ count: 2 }]);
});
