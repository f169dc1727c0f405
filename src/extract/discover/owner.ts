import type { Path } from '../../model/facts.ts';

/** A folder as people write it → as paths begin; '' for the root. */
export const folderIn = (path: string): Path => path.replace(/^\.(?:\/|$)/, '').replace(/\/$/, '');

/** Something that owns a folder and all below it. */
export interface Owning {
  readonly name: string;
  readonly path: Path;
}

/** Who owns a path: the one with the deepest folder. */
export function ownerIn<T extends Pick<Owning, 'path'>>(owners: readonly T[]): (path: Path) => T | undefined {
  const byPath = new Map<Path, T>();
  for (const owner of owners) if (!byPath.has(owner.path)) byPath.set(owner.path, owner);
  return (path) => {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const found = byPath.get(at);
      if (found) return found;
    }
    return byPath.get('');
  };
}

/** A file for atoms: its owner and its own name, so that renaming or moving folders changes no identity. */
export function placeIn(modules: readonly Owning[], deployables: readonly Owning[]): (path: Path) => string {
  const [moduleOf, deployableOf] = [ownerIn(modules), ownerIn(deployables)];
  return (path) => `${(moduleOf(path) ?? deployableOf(path))?.name ?? ''}:${path.slice(path.lastIndexOf('/') + 1)}`;
}
