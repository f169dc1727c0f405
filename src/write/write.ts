import type { Blueprint } from '../blueprint/schema.ts';
import { type Change, lockAfter, writes } from './classify.ts';
import { lockPath, printLock } from './lock.ts';
import { openStage, place } from './place.ts';
import type { Target } from './target.ts';

/** What the shell that writes is told; it decides nothing itself. */
export interface Work {
  /** Files, relative to the folder that it writes into. */
  readonly files: readonly { readonly path: string; readonly content: string | Uint8Array }[];
  /** Runs when every file is on disk. */
  readonly written: () => void | Promise<void>;
}
export interface Writing {
  readonly target: Target;
  readonly changes: readonly Change[];
  readonly generator: string;
  readonly blueprint: Blueprint;
  /** Aborted: nothing is written, and what was staged is removed. */
  readonly signal: AbortSignal;
  /** Writes files into an empty folder: the Yeoman shell. */
  readonly commit: (folder: string, work: Work) => Promise<void>;
}

/** Writes what was decided: all of it or, after an error or an abort, nothing. */
export async function write({ target, changes, generator, blueprint, signal, commit }: Writing): Promise<void> {
  signal.throwIfAborted();
  const lock = printLock(lockAfter(changes, target.lock, { generator, blueprint }));
  const kept = changes.filter(writes);
  const files = [
    ...kept.flatMap(({ path, file, merged, action }) => {
      const content = merged ?? file?.content;
      return content === undefined || action === 'delete'
        ? []
        : [{ path, content, executable: file?.executable ?? false }];
    }),
    { path: lockPath, content: lock, executable: false },
  ];
  const remove = kept.filter(({ action }) => action === 'delete').map(({ path }) => path);
  const stage = openStage(target);
  try {
    await commit(stage.files, {
      files,
      written: () => {
        signal.throwIfAborted();
        place(stage, target, { write: files, remove });
      },
    });
  } finally {
    stage.discard();
  }
}
