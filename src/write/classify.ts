import type { Owner } from '../plan/template.ts';
import { blobId, normalised } from './blob.ts';
import type { Lock, LockedFile } from './lock.ts';
import { merged } from './merge.ts';

/** Content with every `Provided` filled in. */
export interface ReadyFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly owner: Owner;
  readonly from: readonly string[];
  readonly executable?: boolean;
}
/** create · update · merge · delete are written; same · keep are not. */
export interface Change {
  readonly path: string;
  readonly action: 'create' | 'update' | 'merge' | 'delete' | 'same' | 'keep';
  /** Why a file is kept, for the person who reads the report. */
  readonly why?: string;
  /** What the plan has at this path. */
  readonly file?: ReadyFile;
  /** What is written instead of it: the plan's keys and a person's. Without `file`, what no plan has: a person's own. */
  readonly merged?: string;
  /** What is there now, where something is. */
  readonly before?: Buffer;
}
/** What is on disk at a planned path: bytes, nothing, or something that no file can replace. */
export type OnDisk = Buffer | 'absent' | 'blocked';

export interface Situation {
  readonly plan: readonly ReadyFile[];
  readonly lock: Lock | undefined;
  readonly disk: (path: string) => OnDisk;
  /** Text of a shared file as the last run planned it; undefined where that cannot be made again. */
  readonly base: (path: string) => string | undefined;
}

/** Decides about every file before the first byte is written. A person's edit always wins. */
export function classify({ plan, lock, disk, base }: Situation): readonly Change[] {
  const planned = new Set(plan.map(({ path }) => path));
  const gone = Object.entries(lock?.files ?? {}).filter(([path]) => !planned.has(path));
  return [
    ...plan.map((file) => decide(file, lock?.files[file.path], disk(file.path), base)),
    ...gone.flatMap(([path, locked]) => retire(path, locked, disk(path))),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function decide(file: ReadyFile, locked: LockedFile | undefined, now: OnDisk, base: Situation['base']): Change {
  const { path } = file;
  if (now === 'blocked') return { path, action: 'keep', why: 'something that is no file is in the way', file };
  if (now === 'absent')
    return locked ? { path, action: 'keep', why: 'you deleted it', file } : { path, action: 'create', file };
  const there = { path, file, before: now };
  const blob = blobId(now);
  if (blob === blobId(file.content)) return { ...there, action: 'same' };
  if (locked?.blob === blob) return { ...there, action: 'update' };
  if (!locked) return { ...there, action: 'keep', why: 'it was here before' };
  if (blobId(file.content) === locked.blob) return { ...there, action: 'keep', why: 'you edited it' };
  if (file.owner === 'shared' && typeof file.content === 'string') {
    const origin = base(path);
    const text =
      origin === undefined ? undefined : merged(path, origin, normalised(now).toString('utf8'), file.content);
    // What a person wrote may say what is planned already.
    if (text !== undefined && blobId(text) === blob) return { ...there, action: 'same' };
    if (text !== undefined) return { ...there, action: 'merge', merged: text };
  }
  return { ...there, action: 'keep', why: 'you edited it, and what would be generated changed too' };
}

function retire(path: string, locked: LockedFile, now: OnDisk): Change[] {
  if (now === 'absent') return [];
  if (now === 'blocked') return [{ path, action: 'keep', why: 'it is no longer generated, and it is no file now' }];
  if (blobId(now) === locked.blob) return [{ path, action: 'delete', before: now }];
  return [{ path, action: 'keep', why: 'it is no longer generated, but you edited it', before: now }];
}

/** The record after these changes. A merged file is recorded as planned, so that it stays an edited one. */
export function lockAfter(
  changes: readonly Change[],
  earlier: Lock | undefined,
  now: Pick<Lock, 'generator' | 'blueprint'>,
): Lock {
  const files = changes.flatMap(({ path, action, file }): [string, LockedFile][] => {
    if (!file) return [];
    const { owner, from, content } = file;
    if (action === 'keep') {
      const before = earlier?.files[path];
      return before ? [[path, before]] : [];
    }
    return [[path, { owner, from, blob: blobId(content) }]];
  });
  return { version: 1, ...now, files: Object.fromEntries(files) };
}

export const writes = ({ action }: Change): boolean => action !== 'same' && action !== 'keep';
