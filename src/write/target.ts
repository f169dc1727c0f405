import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { KnownError } from '../model/known-error.ts';
import type { OnDisk } from './classify.ts';
import { type Lock, lockPath, parseLock } from './lock.ts';

/** Files that a new system may find in its folder: a fresh clone of an empty repository has them. */
const harmless = /^(\.git|\.gitkeep|readme(\..+)?|licen[cs]e(\..+)?)$/i;

export interface Target {
  readonly directory: string;
  /** Whether the folder is there already. */
  readonly exists: boolean;
  /** The record of an earlier run here. */
  readonly lock: Lock | undefined;
}

/** Looks at the folder before anything is made. Throws a `KnownError` where a system cannot be written. */
export function inspect(directory: string, { force }: { readonly force: boolean }): Target {
  requireWritable(directory);
  if (!existsSync(directory)) return { directory, exists: false, lock: undefined };
  const lock = readLock(directory);
  const others = readdirSync(directory).filter((name) => !harmless.test(name));
  // A system that was generated here is planned again: what a person edited is known, and kept.
  if (others.length > 0 && !force && !lock) {
    const some = others.slice(0, 3).join(', ') + (others.length > 3 ? ', …' : '');
    throw new KnownError(`${show(directory)} is not empty: ${some}.`, {
      next: 'Choose another directory, or add --force to write beside them: no file that is there is changed.',
    });
  }
  return { directory, exists: true, lock };
}

export function readLock(directory: string): Lock | undefined {
  const file = join(directory, lockPath);
  return existsSync(file) ? parseLock(readFileSync(file, 'utf8')) : undefined;
}

/** Reads what is at a planned path without following a symbolic link. */
export const diskOf =
  ({ directory, exists }: Target) =>
  (path: string): OnDisk => {
    if (!exists) return 'absent';
    const segments = path.split('/');
    for (let length = 1; length < segments.length; length++) {
      const stat = lstatOf(join(directory, ...segments.slice(0, length)));
      if (!stat) return 'absent';
      if (!stat.isDirectory()) return 'blocked';
    }
    const stat = lstatOf(join(directory, path));
    if (!stat) return 'absent';
    return stat.isFile() ? readFileSync(join(directory, path)) : 'blocked';
  };

function requireWritable(directory: string): void {
  let there = directory;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  if (!statSync(there).isDirectory())
    throw new KnownError(
      there === directory
        ? `${show(there)} is a file.`
        : `${show(there)} is a file, so no directory can be made in it.`,
      { next: 'Choose another directory.' },
    );
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new KnownError(`${show(there)} cannot be written to.`, {
      next: 'Choose another directory, or change its permissions.',
      cause,
    });
  }
}

const lstatOf = (path: string) => lstatSync(path, { throwIfNoEntry: false });
/** A path as a person would type it from here. */
export function show(path: string): string {
  const short = relative(process.cwd(), path);
  if (short === '') return '.';
  return short.startsWith(`..${sep}..`) ? path : short;
}
