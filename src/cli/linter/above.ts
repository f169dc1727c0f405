import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ARCHITECTURES } from '../../extract/discover/architecture.ts';
import { KnownError } from '../../model/known-error.ts';

/**
 * Throws a `KnownError` where a folder is part of a system that is described above it, in the same repository: without
 * that description nothing would be a violation there.
 */
export function refuseParts(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const described = (at: string) => ARCHITECTURES.map((name) => join(at, name)).find((path) => existsSync(path));
  let at = realpathSync(folder);
  if (described(at)) return;
  let above: string | undefined;
  for (; !existsSync(join(at, '.git')); at = dirname(at)) {
    if (at === dirname(at)) return;
    above ??= described(dirname(at));
  }
  if (above === undefined) return;
  throw new KnownError(`${folder} is a part of the system that ${above} describes.`, {
    next: `Run it on ${dirname(above)}; a folder that is another system has an architecture.yaml of its own.`,
  });
}
