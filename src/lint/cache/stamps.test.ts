import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { folderWith, removeFolders } from '../../../test/support/program.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { blobId } from '../../extract/workspace/ids.ts';
import { stamped } from './stamps.ts';

afterEach(() => {
  removeFolders();
  vi.restoreAllMocks();
});
const idOf = (text: string) => blobId(Buffer.from(text));

/** A folder with `a.ts`; what it is known by each time it is asked for, and how often it was read. */
function watched() {
  const root = folderWith({ 'a.ts': 'one' });
  const identities = stamped(root);
  let reads = 0;
  const ask = (changes: ReadonlyMap<string, string | undefined> = new Map()) => {
    const disk = diskWorkspace(root);
    const read = (path: string) => {
      reads++;
      return disk.read(path);
    };
    return identities({ ...disk, read }, changes).identify('a.ts');
  };
  return { file: join(root, 'a.ts'), ask, reads: () => reads };
}
/** Long after the last change of any file. */
const later = () => {
  const now = Date.now() + 60_000;
  vi.spyOn(Date, 'now').mockReturnValue(now);
};

describe('a file in a session', () => {
  it('is read again for as long as it might change within one tick of its clock', () => {
    const { ask, reads } = watched();
    expect([ask(), ask(), reads()]).toEqual([idOf('one'), idOf('one'), 2]);
    later();
    expect([ask(), ask(), ask(), reads()]).toEqual([idOf('one'), idOf('one'), idOf('one'), 3]);
  });
  it('is seen to change, also where its size and its time stay', () => {
    const { file, ask } = watched();
    later();
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    ask();
    writeFileSync(file, 'two');
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    expect(ask()).toBe(idOf('two'));
    rmSync(file);
    expect(ask()).toBe('');
  });
  it('is what the editor has, where that has it', () => {
    const { ask, reads } = watched();
    expect(ask(new Map([['a.ts', 'three']]))).toBe(idOf('three'));
    expect(ask(new Map([['a.ts', undefined]]))).toBe('');
    expect(reads()).toBe(0);
    expect(ask()).toBe(idOf('one'));
  });
});
