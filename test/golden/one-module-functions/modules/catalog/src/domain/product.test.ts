import { describe, expect, it } from 'vitest';
import { change, create, type Product } from './product.ts';

const monday = new Date('2026-01-05T09:00:00.000Z');
const tuesday = new Date('2026-01-06T09:00:00.000Z');
const id = '018f3f5e-0000-7000-8000-000000000001';
const fields = {
  name: '  First   one ',
  quantity: 3,
};

const first = create(fields, id, monday) as Product;

describe('create', () => {
  it('starts at version 1, not indexed, with a clean name', () => {
    expect(first).toEqual({
      ...fields,
      id,
      name: 'First one',
      indexedAt: null,
      version: 1,
      createdAt: monday,
      updatedAt: monday,
    });
  });

  it('refuses a name of white space', () => {
    expect(create({ ...fields, name: ' \t' }, id, monday)).toBe('blankName');
  });
});

describe('change', () => {
  const indexed = { ...first, indexedAt: monday };

  it('makes the next version, which has to be indexed again', () => {
    expect(change(indexed, { quantity: 4 }, tuesday)).toEqual({
      ...indexed,
      quantity: 4,
      indexedAt: null,
      version: 2,
      updatedAt: tuesday,
    });
  });

  it('spends no version when nothing changes', () => {
    expect(change(indexed, { name: ' First one', quantity: 3 }, tuesday)).toBe(indexed);
  });

  it('refuses a name of white space', () => {
    expect(change(indexed, { name: ' ' }, tuesday)).toBe('blankName');
  });
});
