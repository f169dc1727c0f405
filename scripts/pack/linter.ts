import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, digest, linterPackage, root, tarball, tarballName } from './build.ts';

/**
 * The packed linter that a generated project carries in `tools/`, built from these sources; kept in
 * `node_modules/.cache` under a digest of them, so that only the first call after a change is slow.
 */
export async function buildLinterTarball(): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const name = tarballName(linterPackage);
  const folder = join(root, 'node_modules', '.cache', 'scalable-backend');
  const cached = join(folder, `${digest(linterPackage)}.tgz`);
  const found = await readFile(cached).catch(() => undefined);
  if (found) return { name, bytes: found };
  const bytes = await tarball(await build(linterPackage), linterPackage.bin);
  await mkdir(folder, { recursive: true });
  // Written beside and renamed: a second process never reads half a file.
  const part = `${cached}.${process.pid}`;
  await writeFile(part, bytes);
  await rename(part, cached);
  return { name, bytes };
}
