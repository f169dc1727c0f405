import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KnownError } from '../../model/known-error.ts';
import { TRUST } from './configuration.ts';

/** Yarn's Plug'n'Play: no folder of packages, but a program that says where each of them is. */
export interface PlugAndPlay {
  /** Arguments of Node.js by which it runs first; absent where Yarn started us, and it does run. */
  readonly preload?: readonly string[];
}

/**
 * Of the project that a folder is in. Throws a `KnownError` where its program would have to be run without being trusted, or
 * this Node.js cannot do it.
 */
export function plugAndPlay(root: string, trusted: boolean): PlugAndPlay | undefined {
  const file = programOf(root);
  if (file === undefined) return undefined;
  if (process.versions.pnp !== undefined) {
    // Before, a hook cannot hand on a CommonJS module while Yarn's own loader is there.
    if (Number.parseInt(process.versions.node, 10) >= 24) return {};
    throw new KnownError("Under Yarn's Plug'n'Play rules of dependency-cruiser need Node.js 24.", {
      next: 'Use that, or run by npx with --trust-config.',
    });
  }
  if (trusted) return { preload: ['--require', file] };
  throw new KnownError('Where packages are, only .pnp.cjs knows, which is a program of this repository.', {
    next: `Run by Yarn (yarn scalable-backend lint), or with --trust-config (or ${TRUST}=1) if you trust this repository.`,
  });
}

/** The same for a program of the repository, which may be, or import, a module of a package. */
export function plugAndPlayModules(root: string): readonly string[] {
  const file = programOf(root);
  if (file === undefined || process.versions.pnp !== undefined) return [];
  const loader = join(dirname(file), '.pnp.loader.mjs');
  return ['--require', file, ...(existsSync(loader) ? ['--experimental-loader', pathToFileURL(loader).href] : [])];
}

export function programOf(folder: string): string | undefined {
  const file = join(folder, '.pnp.cjs');
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : programOf(dirname(folder));
}
