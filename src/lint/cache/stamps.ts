import { realpathSync, statSync } from 'node:fs';
import { blobId } from '../../extract/workspace/ids.ts';
import { bytesOf } from '../../extract/workspace/text.ts';
import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Identify } from './identify.ts';

/** A file that changed so lately may change once more within the same tick of its clock: its stamp says nothing yet. */
const SETTLED_MS = 3000;

/**
 * What contents are known by in one process that looks at a folder again and again: a file that has the times, size and
 * number that it had when it was read has the same content. What `changes` holds is known by its text.
 */
export function stampedIdentities(
  root: string,
): (disk: Workspace, changes: ReadonlyMap<Path, string | undefined>) => Identify {
  const top = realpathSync(root);
  const seen = new Map<Path, { readonly stamp: string; readonly id: string }>();
  const onDisk = (disk: Workspace, path: Path): string => {
    const found = disk.files.has(path) ? statSync(`${top}/${path}`, { throwIfNoEntry: false }) : undefined;
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
  return (disk, changes) => {
    const asked = new Map<Path, string>();
    return (path) => {
      const known = asked.get(path);
      if (known !== undefined) return known;
      const text = changes.get(path);
      const id = text !== undefined ? blobId(bytesOf(text)) : changes.has(path) ? '' : onDisk(disk, path);
      asked.set(path, id);
      return id;
    };
  };
}
