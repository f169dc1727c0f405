import type { Blueprint } from '../blueprint/schema.ts';
import { KnownError } from '../model/known-error.ts';
import type { Owner } from '../plan/template.ts';

export const lockPath = '.scalable-backend.lock.json';

export interface LockedFile {
  readonly owner: Owner;
  /** Ids of the templates it is from. */
  readonly from: readonly string[];
  /** Git blob id of the LF text that was written; it only answers "was it edited?". */
  readonly blob: string;
}
/** What a run wrote, so that the next one knows what a person changed. */
export interface Lock {
  readonly version: 1;
  /** The exact generator whose plan of `blueprint` is the base of a merge. */
  readonly generator: string;
  readonly blueprint: Blueprint;
  readonly files: Readonly<Record<string, LockedFile>>;
}

/** One line a file, in path order: a change of one file is a change of one line. */
export function printLock({ version, generator, blueprint, files }: Lock): string {
  const lines = Object.keys(files)
    .sort()
    .map((path) => `    ${JSON.stringify(path)}: ${JSON.stringify(files[path])}`);
  return [
    '{',
    `  "version": ${version},`,
    `  "generator": ${JSON.stringify(generator)},`,
    `  "blueprint": ${JSON.stringify(blueprint)},`,
    '  "files": {',
    lines.join(',\n'),
    '  }',
    '}',
    '',
  ].join('\n');
}

export function parseLock(text: string): Lock {
  let lock: Lock;
  try {
    lock = JSON.parse(text);
  } catch (cause) {
    throw new KnownError('The record of what was generated cannot be read.', {
      place: { file: lockPath },
      next: `Restore the file: git checkout -- ${lockPath}`,
      cause,
    });
  }
  if (lock?.version !== 1 || typeof lock.files !== 'object' || typeof lock.blueprint !== 'object')
    throw new KnownError('The record of what was generated was written by another version.', {
      place: { file: lockPath },
      next: 'Run the newest generator: npx create-scalable-backend@latest',
    });
  return lock;
}
