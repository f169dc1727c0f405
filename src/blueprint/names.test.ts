import { expect, it } from 'vitest';
import { defaultEntity, entityNameOf, nameOf, pluralOf } from './names.ts';
import { closest } from './nearest.ts';

it('spells a name in every convention', () => {
  expect(nameOf('order-line-2b')).toEqual({
    name: 'order-line-2b',
    camel: 'orderLine2b',
    pascal: 'OrderLine2b',
    snake: 'order_line_2b',
  });
});

it.each([
  ['order', 'orders'],
  ['category', 'categories'],
  ['person', 'people'],
  ['purchase-order', 'purchase-orders'],
  ['news', 'news-items'],
  ['sheep', 'sheep-items'],
])('the plural of %s is %s, and never the name itself', (name, plural) => {
  expect(pluralOf(name)).toBe(plural);
});

it('an entity has all spellings of one and of many', () => {
  expect(entityNameOf('order-line')).toMatchObject({
    pluralCamel: 'orderLines',
    pluralPascal: 'OrderLines',
    pluralSnake: 'order_lines',
    title: 'order line',
  });
});

it.each([
  ['catalog', 'product'],
  ['inventory', 'item'],
  ['orders', 'order'],
  ['companies', 'company'],
  ['billing', 'invoice'],
])('%s starts with the entity %s', (module, entity) => {
  expect(defaultEntity(module)).toBe(entity);
});

it('the nearest word is one that was probably meant, or none', () => {
  expect(closest('fastfy', ['fastify', 'express'])).toBe('fastify');
  expect(closest('zzz', ['fastify', 'express'])).toBeUndefined();
  expect(closest('any', [])).toBeUndefined();
});
