import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KnownError } from '../../model/known-error.ts';
import { TRUST } from './configuration.ts';

/** Yarn's Plug'n'Play: no folder of packages, but a program that says where each of them is. */
export interface PlugAndPlay {
  /** What has to run before anything is resolved, as Yarn itself has it; absent where Yarn started us, and it does run. */
  readonly preload?: readonly string[];
}

/** Of the project that a folder is in. Throws a `KnownError` where its program would have to be run without being trusted. */
export function plugAndPlay(root: string, trusted: boolean): PlugAndPlay | undefined {
  const file = programOf(root);
  if (file === undefined) return undefined;
  if (process.versions.pnp !== undefined) return {};
  const loader = join(dirname(file), '.pnp.loader.mjs');
  const modules = existsSync(loader) ? ['--experimental-loader', pathToFileURL(loader).href] : [];
  if (trusted) return { preload: ['--require', file, ...modules] };
  throw new KnownError('Where packages are, only .pnp.cjs knows, which is a program of this repository.', {
    next: `Run by Yarn (yarn scalable-backend lint), or with --trust-config (or ${TRUST}=1) if you trust this repository.`,
  });
}

export function programOf(folder: string): string | undefined {
  const file = join(folder, '.pnp.cjs');
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : programOf(dirname(folder));
}
