import { expect, it } from 'vitest';
import type { ExtractedFile, Fact, NameFact } from '../../model/facts.ts';
import { type Kept, nothingKept } from './memory.ts';
import { factsOf, pack, unpack } from './pack.ts';

const top = { fn: -1, loop: 0, tx: false } as const;
const facts: readonly Fact[] = [
  { kind: 'import', spec: './b.ts', form: 'import', typeOnly: false, span: [0, 3], ...top },
  { kind: 'import', spec: 'c\td', form: 'type', typeOnly: true, span: [4, 6], ...top },
  { kind: 'import', spec: 'd', form: 'dynamic', typeOnly: false, span: [7, 8], fn: 0, loop: 1, tx: true },
];
const names: readonly NameFact[] = [
  { kind: 'export', name: 'e', sym: { path: ['e'] }, span: [9, 12], ...top },
  { kind: 'export', name: 'f', sym: { path: ['g'] }, span: [9, 12], ...top },
  { kind: 'export', name: 'h', sym: { from: './b.ts', path: ['h'] }, span: [9, 12], ...top },
  { kind: 'export', name: '*', sym: { from: './b.ts', path: [] }, span: [9, 12], ...top },
  { kind: 'binding', name: { path: ['e'] }, value: { k: 'lit', v: 'a\nb' }, span: [9, 12], ...top },
];
const file = (path: string, more: Partial<ExtractedFile> = {}): ExtractedFile => ({
  path,
  functions: [],
  facts,
  names,
  gaps: [],
  ...more,
});
const kept: Kept = {
  ...nothingKept,
  violations: { state: '1', named: ['a.ts'], of: { rule: [] } },
  facts: {
    'a.ts': ['1', file('a.ts', { outline: true })],
    '!a.ts': ['1', file('a.ts', { functions: [{ name: 'call', span: [1, 2], parent: -1 }] })],
    'b\n"\t.ts': ['2', file('b\n"\t.ts', { facts: [], names: [] })],
    'c.ts': ['3', file('c.ts', { gaps: [{ path: 'c.ts', why: 'parse', detail: 'broken' }], generated: true })],
    ['__proto__']: ['4', file('__proto__')],
  },
};

it('what is packed, written and read again is what it was, and is packed again as the same text', () => {
  const text = pack(kept);
  expect(unpack(text)).toEqual(kept);
  expect(pack(unpack(text))).toBe(text);
  expect(pack(unpack(pack(nothingKept)))).toBe(pack(nothingKept));
  expect(unpack(undefined)).toEqual(nothingKept);
});

it('one file is found without reading the others', () => {
  const text = pack(kept);
  for (const [key, [, facts]] of Object.entries(kept.facts)) expect(factsOf(text, key)).toEqual(facts);
  expect(['a', 'ts', '!b.ts', 'a.ts"'].map((key) => factsOf(text, key))).toEqual(Array(4).fill(undefined));
});
