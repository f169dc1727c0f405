import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LinterTarball {
  /** `scalable-backend-<version>.tgz` */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The packed linter that a generated project carries in its own `tools/`: the published generator has it inside; in a
 * source tree it is built (about three seconds) and kept until a source changes.
 */
export async function linterTarball(): Promise<LinterTarball> {
  const folder = fileURLToPath(new URL('../../tools/', import.meta.url));
  const name = (await readdir(folder).catch(() => [])).find((entry) => /^scalable-backend-.+\.tgz$/.test(entry));
  if (name) return { name, bytes: await readFile(join(folder, name)) };
  // No literal, so that neither the compiler nor the packer takes the build scripts for a part of the program.
  const builder = ['..', '..', 'scripts', 'pack', 'linter.ts'].join('/');
  const { buildLinterTarball } = (await import(builder)) as { buildLinterTarball(): Promise<LinterTarball> };
  return buildLinterTarball();
}
