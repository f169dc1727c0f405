import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { bytesOf } from './text.ts';

/** A workspace with some files replaced or added (a content) or taken away (`undefined`). */
export function overlay(base: Workspace, changes: ReadonlyMap<Path, string | Uint8Array | undefined>): Workspace {
  const files = new Map(base.files);
  for (const [path, content] of changes) {
    if (content === undefined) files.delete(path);
    else files.set(path, '');
  }
  const changed = (path: Path) => {
    const content = changes.get(path);
    return content === undefined ? undefined : bytesOf(content);
  };
  return {
    files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
    read: (path) => (changes.has(path) ? changed(path) : base.read(path)),
    size: (path) => (changes.has(path) ? changed(path)?.length : base.size?.(path)),
    ...(base.gaps && { gaps: base.gaps }),
  };
}
