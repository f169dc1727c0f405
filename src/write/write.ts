import type { Blueprint } from '../blueprint/schema.ts';
import { type Change, lockAfter, writes } from './classify.ts';
import { lockPath, printLock } from './lock.ts';
import { openStage, place } from './place.ts';
import type { Target } from './target.ts';

export interface Writing {
  readonly target: Target;
  readonly changes: readonly Change[];
  readonly generator: string;
  readonly blueprint: Blueprint;
  /** Aborted: nothing is written, and what was staged is removed. */
  readonly signal: AbortSignal;
}

/** Writes what was decided: all of it or, after an error or an abort, nothing. */
export async function write({ target, changes, generator, blueprint, signal }: Writing): Promise<void> {
  const { runYeoman } = await import('./yeoman.ts');
  signal.throwIfAborted();
  const lock = printLock(lockAfter(changes, target.lock, { generator, blueprint }));
  const kept = changes.filter(writes);
  const files = [
    ...kept.flatMap(({ path, file, merged, action }) =>
      file && action !== 'delete'
        ? [{ path, content: merged ?? file.content, executable: file.executable ?? false }]
        : [],
    ),
    { path: lockPath, content: lock, executable: false },
  ];
  const remove = kept.filter(({ action }) => action === 'delete').map(({ path }) => path);
  const stage = openStage(target);
  try {
    await runYeoman(stage.files, {
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
