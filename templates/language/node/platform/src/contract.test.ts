import { describe, expect, expectTypeOf, it } from 'vitest';
import * as platform from './contract.ts';
import { defineContract, event, operation, Type } from './contract.ts';

const Item = Type.Object({ id: Type.String(), stock: Type.Union([Type.Integer(), Type.Null()]) });
const base = { summary: 'Works.', scope: 'shelf:read' };
const getItem = operation({
  ...base,
  method: 'GET',
  path: '/items/{id}',
  input: Type.Object({ id: Type.String(), full: Type.Optional(Type.Boolean()) }),
  output: Item,
  errors: { notFound: 404 },
});
const deleteItem = operation({
  ...base,
  method: 'DELETE',
  path: '/items/{id}',
  input: Type.Object({ id: Type.String() }),
});
const shelf = defineContract('shelf', {
  operations: { getItem, deleteItem },
  events: { itemCreated: event({ version: 1, payload: Item }) },
});
type Shelf = platform.Client<typeof shelf>;

describe('contract', () => {
  it('infers types end to end', () => {
    expectTypeOf<Shelf['getItem']>().parameter(0).toEqualTypeOf<{ id: string; full?: boolean }>();
    expectTypeOf<Shelf['getItem']>().returns.resolves.toEqualTypeOf<{ id: string; stock: number | null }>();
    expectTypeOf<platform.Handlers<typeof shelf>['deleteItem']>().returns.resolves.toEqualTypeOf<null>();
    expectTypeOf<platform.PayloadOf<typeof shelf.events.itemCreated>>().toHaveProperty('stock');
    // @ts-expect-error: only problems that the operation states
    expect(platform.problem(shelf.operations.getItem, 'other').status).toBeUndefined();
  });

  it('derives names, routes, statuses and topics', () => {
    expect(shelf.operations.getItem).toMatchObject({ id: 'shelf.getItem', route: '/shelf/items/{id}', status: 200 });
    expect(shelf.operations.deleteItem).toMatchObject({ status: 204, idempotent: true });
    expect(shelf.events.itemCreated.topic).toBe('shelf.item-created');
  });

  it('refuses contradictions when it is defined', () => {
    expect(() => operation({ ...getItem, path: '/items/{key}' })).toThrow('no key in the input');
    const twice = { getItem, again: operation({ ...deleteItem, method: 'GET' }) };
    expect(() => defineContract('shelf', { operations: twice })).toThrow('two operations for GET /shelf/items/{}');
  });

  it('knows its problems by name', () => {
    const gone = platform.problem(shelf.operations.getItem, 'notFound', 'No item.');
    expect(gone).toMatchObject({ status: 404, code: 'shelf:not-found', detail: 'No item.' });
    expect(platform.isProblem(gone, shelf.operations.getItem, 'notFound')).toBe(true);
    expect(platform.isProblem(new Error('no'), shelf.operations.getItem, 'notFound')).toBe(false);
  });

  it('names each wrong value by its pointer', () => {
    expect(platform.check(Item, { id: 'a', stock: 1 })).toBeUndefined();
    expect(platform.check(Item, { stock: null })).toEqual([{ pointer: '#/id', detail: 'is required' }]);
  });
});
