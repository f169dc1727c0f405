import { realpathSync, type Stats, statSync } from 'node:fs';
import { blobId } from '../../extract/workspace/ids.ts';
import { bytesOf } from '../../extract/workspace/text.ts';
import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Identify } from './identify.ts';

/** A file that changed so lately may change once more within the same tick of its clock: its stamp says nothing yet. */
const SETTLED_MS = 3000;

/** The files of one run: what their contents are known by, and how large they are. */
export interface Stamped {
  readonly identify: Identify;
  size(path: Path): number | undefined;
}

/**
 * What contents are known by in one process that looks at a folder again and again: a file that has the times, size and
 * number that it had when it was read has the same content. What `changes` holds is known by its text.
 */
export function stamped(root: string): (disk: Workspace, changes: ReadonlyMap<Path, string | undefined>) => Stamped {
  const top = realpathSync(root);
  const seen = new Map<Path, { readonly stamp: string; readonly id: string }>();
  return (disk, changes) => {
    const stats = new Map<Path, Stats | undefined>();
    const statOf = (path: Path): Stats | undefined => {
      if (stats.has(path)) return stats.get(path);
      const found = disk.files.has(path) ? statSync(`${top}/${path}`, { throwIfNoEntry: false }) : undefined;
      stats.set(path, found);
      return found;
    };
    const onDisk = (path: Path): string => {
      const found = statOf(path);
      if (!found) return '';
      const stamp = `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`;
      const known = seen.get(path);
      if (known?.stamp === stamp) return known.id;
      const bytes = disk.read(path);
      const id = bytes ? blobId(bytes) : '';
      if (id !== '' && Date.now() - found.ctimeMs > SETTLED_MS) seen.set(path, { stamp, id });
      else seen.delete(path);
      return id;
    };
    const ofChange = new Map<Path, string>();
    for (const [path, text] of changes) ofChange.set(path, text === undefined ? '' : blobId(bytesOf(text)));
    const ids = new Map<Path, string>();
    return {
      size: (path) => statOf(path)?.size,
      identify(path) {
        const id = ofChange.get(path) ?? ids.get(path) ?? onDisk(path);
        ids.set(path, id);
        return id;
      },
    };
  };
}
