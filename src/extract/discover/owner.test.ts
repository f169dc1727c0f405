import { expect, it } from 'vitest';
import { filesBelow, ownerIn, placeIn } from './owner.ts';

const paths = ['a.ts', 'm/a.ts', 'm/n/b.ts', 'mm/c.ts', 'm/n/o/d.ts'];

it('files below a folder are those of its folders too, in their order', () => {
  const found = filesBelow(paths, ['m', 'm/n', '', 'elsewhere']);
  expect(Object.fromEntries(found)).toEqual({
    '': paths,
    m: ['m/a.ts', 'm/n/b.ts', 'm/n/o/d.ts'],
    'm/n': ['m/n/b.ts', 'm/n/o/d.ts'],
    elsewhere: [],
  });
});

it('the deepest folder owns a path, each time it is asked', () => {
  const ownerOf = ownerIn([{ path: 'm' }, { path: 'm/n' }]);
  for (let i = 0; i < 2; i++) {
    expect(paths.map((path) => ownerOf(path)?.path)).toEqual([undefined, 'm', 'm/n', undefined, 'm/n']);
  }
});

const modules = [
  { name: 'shop', path: '' },
  { name: 'orders', path: 'modules/orders' },
  { name: 'returns', path: 'modules/orders/returns' },
];

it('a place outlives the folders around it', () => {
  const place = placeIn(modules.slice(1), [{ name: 'api', path: 'deployables/api' }]);
  expect(['modules/orders/src/deep/a.ts', 'deployables/api/a.ts', 'x/a.ts'].map(place)).toEqual([
    'orders:a.ts',
    'api:a.ts',
    ':a.ts',
  ]);
});
