import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { scratch } from './packages.ts';

const day = 24 * 60 * 60 * 1000;

/** Removes what earlier runs left for a look; installations shared between runs stay for a day. */
export async function setup(): Promise<void> {
  for (const name of await readdir(scratch).catch(() => [])) {
    const path = join(scratch, name);
    const shared = /^[0-9a-f]{12}$/.test(name);
    if (!shared || Date.now() - (await stat(path)).mtimeMs > day) await rm(path, { recursive: true, force: true });
  }
}
