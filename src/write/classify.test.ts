import { describe, expect, it } from 'vitest';
import type { Blueprint } from '../blueprint/schema.ts';
import type { Owner } from '../plan/template.ts';
import { blobId } from './blob.ts';
import { type Change, classify, lockAfter, type OnDisk, type ReadyFile } from './classify.ts';
import { type Lock, parseLock, printLock } from './lock.ts';

const file = (path: string, content: string, owner: Owner = 'tool'): ReadyFile => ({
  path,
  content,
  owner,
  from: ['a/b'],
});
const blueprint = { name: 'shop' } as Blueprint;
const lockOf = (files: Record<string, string>): Lock => ({
  version: 1,
  generator: '1.0.0',
  blueprint,
  files: Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, { owner: 'tool' as const, from: [], blob: blobId(text) }]),
  ),
});
interface Given {
  readonly plan?: readonly ReadyFile[];
  readonly written?: Record<string, string>;
  readonly disk?: Record<string, string | OnDisk>;
  readonly base?: string;
}
const decide = ({ plan = [], written, disk = {}, base }: Given): readonly Change[] =>
  classify({
    plan,
    lock: written && lockOf(written),
    disk: (path) => {
      const there = disk[path] ?? 'absent';
      return there === 'absent' || there === 'blocked' || typeof there !== 'string' ? there : Buffer.from(there);
    },
    base: () => base,
  });
const actions = (given: Given) =>
  decide(given).map(({ path, action, why }) => (why ? `${action} ${path}: ${why}` : `${action} ${path}`));

describe('before the first byte is written, a file is', () => {
  it.each<[string, Given, string[]]>([
    ['created where nothing is', { plan: [file('a', '1')] }, ['create a']],
    ['left alone where it is the same', { plan: [file('a', '1')], disk: { a: '1' } }, ['same a']],
    ['the same with other line ends', { plan: [file('a', '1\n2\n')], disk: { a: '1\r\n2\r\n' } }, ['same a']],
    [
      'updated where nobody touched it',
      { plan: [file('a', '2')], written: { a: '1' }, disk: { a: '1' } },
      ['update a'],
    ],
    [
      'updated where only line ends changed',
      { plan: [file('a', '2\n')], written: { a: '1\n' }, disk: { a: '1\r\n' } },
      ['update a'],
    ],
    [
      'kept where a person edited it',
      { plan: [file('a', '1')], written: { a: '1' }, disk: { a: 'mine' } },
      ['keep a: you edited it'],
    ],
    [
      'kept where both changed it',
      { plan: [file('a', '2')], written: { a: '1' }, disk: { a: 'mine' } },
      ['keep a: you edited it, and what would be generated changed too'],
    ],
    ['kept where it was here first', { plan: [file('a', '1')], disk: { a: 'mine' } }, ['keep a: it was here before']],
    [
      'not made again where a person deleted it',
      { plan: [file('a', '1')], written: { a: '1' } },
      ['keep a: you deleted it'],
    ],
    [
      'kept away where something else is in its place',
      { plan: [file('a', '1')], disk: { a: 'blocked' } },
      ['keep a: something that is no file is in the way'],
    ],
    ['deleted where it is no longer planned', { written: { a: '1' }, disk: { a: '1' } }, ['delete a']],
    [
      'kept where it is no longer planned but edited',
      { written: { a: '1' }, disk: { a: 'mine' } },
      ['keep a: it is no longer generated, but you edited it'],
    ],
    ['forgotten where it is gone on both sides', { written: { a: '1' } }, []],
  ])('%s', (_, given, expected) => {
    expect(actions(given)).toEqual(expected);
  });

  it('merged by key where it is shared and its base is known', () => {
    const given: Given = {
      plan: [file('package.json', '{"a":1,"new":2}', 'shared')],
      written: { 'package.json': '{"a":1}' },
      disk: { 'package.json': '{"a":1,"mine":3}' },
    };
    expect(decide({ ...given, base: '{"a":1}' })[0]).toMatchObject({ action: 'merge' });
    expect(JSON.parse(decide({ ...given, base: '{"a":1}' })[0]?.merged ?? '')).toEqual({ a: 1, mine: 3, new: 2 });
    expect(decide(given)[0]).toMatchObject({ action: 'keep' });
  });
});

describe('the lock', () => {
  it('survives printing, one line a file', () => {
    const lock = lockOf({ b: '2', 'a/c': '1' });
    expect(parseLock(printLock(lock))).toEqual(lock);
    expect(printLock(lock).split('\n')).toHaveLength(10);
  });
  it('that cannot be read names the way out', () => {
    expect(() => parseLock('{')).toThrow('cannot be read');
    expect(() => parseLock('{"version":2}')).toThrow('another version');
  });
  it('remembers what was written, not what a person made of it', () => {
    const plan = [
      file('same', '1'),
      file('edited', '2'),
      file('merged.json', '{"b":1}', 'shared'),
      file('foreign', '1'),
    ];
    const changes = decide({
      plan,
      written: { same: '1', edited: '1', 'merged.json': '{}', gone: '1' },
      disk: { same: '1', edited: 'mine', 'merged.json': '{"a":1}', gone: '1', foreign: 'mine' },
      base: '{}',
    });
    const { files } = lockAfter(changes, lockOf({ same: '1', edited: '1', 'merged.json': '{}', gone: '1' }), {
      generator: '1.0.1',
      blueprint,
    });
    expect(Object.fromEntries(Object.entries(files).map(([path, { blob }]) => [path, blob]))).toEqual({
      same: blobId('1'),
      edited: blobId('1'),
      'merged.json': blobId('{"b":1}'),
    });
  });
  it('names content as git does', () => {
    expect(blobId('hello\n')).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
    expect(blobId(new Uint8Array())).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
    expect(blobId('hello\r\n')).toBe(blobId('hello\n'));
    expect(blobId(Buffer.from('\0\r\n'))).not.toBe(blobId(Buffer.from('\0\n')));
  });
});
