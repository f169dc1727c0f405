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
  const known = new Map<Path, T | undefined>();
  const find = (path: Path): T | undefined => {
    for (let at = path; at !== ''; at = folderOf(at)) {
      const found = byPath.get(at);
      if (found) return found;
    }
    return byPath.get('');
  };
  if (byPath.size === 0) return () => undefined;
  return (path) => {
    const found = known.get(path);
    if (found !== undefined || known.has(path)) return found;
    const owner = find(path);
    known.set(path, owner);
    return owner;
  };
}

/** The files below each of these folders, in the order given: one pass, however many folders there are. */
export function filesBelow(paths: Iterable<Path>, folders: Iterable<Path>): ReadonlyMap<Path, readonly Path[]> {
  const found = new Map<Path, Path[]>();
  for (const folder of folders) found.set(folder, []);
  const around = new Map<Path, readonly Path[][]>();
  const listsOf = (folder: Path): readonly Path[][] => {
    const known = around.get(folder);
    if (known) return known;
    const own = found.get(folder);
    const outer = folder === '' ? [] : listsOf(folderOf(folder));
    const lists = own ? [...outer, own] : outer;
    around.set(folder, lists);
    return lists;
  };
  for (const path of paths) for (const list of listsOf(folderOf(path))) list.push(path);
  return found;
}
const folderOf = (path: Path): Path => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A file for atoms: its owner and its own name, so that renaming or moving folders changes no identity. */
export function placeIn(modules: readonly Owning[], deployables: readonly Owning[]): (path: Path) => string {
  const [moduleOf, deployableOf] = [ownerIn(modules), ownerIn(deployables)];
  return (path) => `${(moduleOf(path) ?? deployableOf(path))?.name ?? ''}:${path.slice(path.lastIndexOf('/') + 1)}`;
}
