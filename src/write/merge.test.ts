import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged } from './merge.ts';

const parts = (...values: readonly unknown[]) =>
  values.map((value) => JSON.stringify(value)) as [string, string, string];
const mergeJson = (base: unknown, mine: unknown, theirs: unknown) =>
  JSON.parse(merged('a.json', ...parts(base, mine, theirs)) ?? 'null');

describe('a shared file takes', () => {
  it.each([
    ['what only the generator changed', { a: 1 }, { a: 1 }, { a: 2, b: 1 }, { a: 2, b: 1 }],
    ['what only a person changed', { a: 1 }, { a: 3, c: 1 }, { a: 1 }, { a: 3, c: 1 }],
    ['both, and the person wins one value', { a: 1 }, { a: 3, m: 1 }, { a: 2, t: 1 }, { a: 3, m: 1, t: 1 }],
    ['what the generator removed', { a: 1, b: 1 }, { a: 1, b: 1, m: 1 }, { a: 1 }, { a: 1, m: 1 }],
    ['what a person removed', { a: 1, b: 1 }, { a: 1 }, { a: 2, b: 1 }, { a: 2 }],
    ['additions and removals of lists', { a: [1, 2] }, { a: [1, 2, 9] }, { a: [2, 3] }, { a: [2, 9, 3] }],
    ['nested keys', { s: { a: 1 } }, { s: { a: 1, m: 1 } }, { s: { a: 2 } }, { s: { a: 2, m: 1 } }],
  ])('%s', (_, base, mine, theirs, expected) => {
    expect(mergeJson(base, mine, theirs)).toEqual(expected);
    expect(merged('a.yaml', ...parts(base, mine, theirs))).toBeDefined();
  });

  it('nothing else: an unedited side gives the other', () => {
    const tree = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.integer(), fc.dictionary(fc.constantFrom('d', 'e'), fc.integer()), fc.uniqueArray(fc.integer())),
    );
    fc.assert(
      fc.property(tree, tree, (base, other) => {
        expect(mergeJson(base, base, other)).toEqual(JSON.parse(JSON.stringify(other)));
        expect(mergeJson(base, other, base)).toEqual(JSON.parse(JSON.stringify(other)));
      }),
    );
  });
});

it('comments and order of a YAML file stay', () => {
  const base = 'modules:\n  a: { path: a }\n';
  const mine = '# mine\nmodules:\n  # why a\n  a: { path: a, uses: [b] }\nlint:\n  extends: strict # for now\n';
  const theirs = 'modules:\n  a: { path: a }\n  b: { path: b }\n';
  expect(merged('architecture.yaml', base, mine, theirs)).toBe(
    '# mine\nmodules:\n  # why a\n  a: { path: a, uses: [b] }\n  b: { path: b }\nlint:\n  extends: strict # for now\n',
  );
});

it.each([
  ['a.md', 'a', 'b', 'c'],
  ['a.json', '{}', '{ // comment\n}', '{"a":1}'],
  ['a.yaml', 'a: 1', 'a: [', 'a: 2'],
])('%s that cannot be merged stays as it is', (path, base, mine, theirs) => {
  expect(merged(path, base, mine, theirs)).toBeUndefined();
});
