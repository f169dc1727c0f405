import { expect, it } from 'vitest';
import type { Fact, FileFacts } from '../../model/facts.ts';
import { type Kept, nothingKept } from './memory.ts';
import { pack, unpack } from './pack.ts';

const top = { fn: -1, loop: 0, tx: false } as const;
const facts: readonly Fact[] = [
  { kind: 'import', spec: './b.ts', form: 'import', typeOnly: false, span: [0, 3], ...top },
  { kind: 'import', spec: 'c', form: 'type', typeOnly: true, span: [4, 6], ...top },
  { kind: 'import', spec: 'd', form: 'dynamic', typeOnly: false, span: [7, 8], fn: 0, loop: 1, tx: true },
  { kind: 'export', name: 'e', sym: { path: ['e'] }, span: [9, 12], ...top },
  { kind: 'export', name: 'f', sym: { path: ['g'] }, span: [9, 12], ...top },
  { kind: 'export', name: 'h', sym: { from: './b.ts', path: ['h'] }, span: [9, 12], ...top },
  { kind: 'export', name: '*', sym: { from: './b.ts', path: [] }, span: [9, 12], ...top },
  { kind: 'binding', name: { path: ['e'] }, value: { k: 'lit', v: 1 }, span: [9, 12], ...top },
];
const file = (path: string, more: Partial<FileFacts> = {}): FileFacts => ({
  path,
  functions: [],
  facts,
  gaps: [],
  ...more,
});

it('what is packed, written and read again is what it was', () => {
  const kept: Kept = {
    ...nothingKept,
    facts: {
      'a.ts': ['1', file('a.ts', { outline: true })],
      '!a.ts': ['1', file('a.ts', { functions: [{ name: 'call', span: [1, 2], parent: -1 }] })],
      'b.ts': ['2', file('b.ts', { facts: [] })],
      'c.ts': ['3', file('c.ts', { gaps: [{ path: 'c.ts', why: 'parse', detail: 'broken' }], generated: true })],
    },
  };
  expect(unpack(JSON.parse(JSON.stringify(pack(kept))))).toEqual(kept);
  expect(unpack(undefined)).toEqual(nothingKept);
});
