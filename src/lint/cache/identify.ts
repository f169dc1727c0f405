import { blobId } from '../../extract/workspace/ids.ts';
import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';

/** What a file's content is known by, each asked for once; '' for one that cannot be read. */
export type Identify = (path: Path) => string;

/** `ids`: blob ids that are known without reading. */
export function identities(workspace: Workspace, ids: ReadonlyMap<Path, string>): Identify {
  const known = new Map<Path, string>();
  const identify = (path: Path): string => {
    // A filter (line ends, large files) may give the same blob other bytes on disk, and then another size.
    const blob = ids.get(path);
    if (blob !== undefined) return `${blob}:${workspace.size?.(path)}`;
    const bytes = workspace.read(path);
    return bytes ? `${blobId(bytes)}:${bytes.length}` : '';
  };
  return (path) => {
    const id = known.get(path) ?? identify(path);
    known.set(path, id);
    return id;
  };
}
