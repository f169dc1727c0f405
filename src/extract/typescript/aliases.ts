import type { Path } from '../../model/facts.ts';
import { folderOf, join, type Manifest } from './manifests.ts';

/** The package that a dependency is under another name: `workspace:@shop/b@*`, `npm:@shop/b@1`; undefined for its own. */
export const renamed = (range: string): string | undefined =>
  /^(?:workspace|npm):((?:@[^/@]+\/)?[^/@*^~<>=\s][^/@]*)@/.exec(range)?.[1];

/** The folder that a dependency is, beside its manifest: `file:../b`, `link:../b`, `portal:../b`. */
export const linked = ({ at }: Manifest, range: string): Path | undefined => {
  const path = /^(?:file|link|portal):(.+)/.exec(range)?.[1];
  return path === undefined ? undefined : join(at, path);
};

/**
 * Tells names of packages from names that only a loader, a bundler or `NODE_PATH` knows: those cannot be a package, or no
 * manifest has them and they end like a file of the system. Taking such an import for a foreign one would hide it.
 */
export function aliasTeller(manifests: ReadonlyMap<Path, Manifest>, files: Iterable<Path>): (spec: string) => boolean {
  const declared = new Set([...manifests.values()].flatMap(({ dependencies }) => [...dependencies.keys()]));
  let ends: ReadonlySet<string> | undefined;
  return (spec) => {
    if (impossible.test(spec)) return true;
    const [first, second, ...deeper] = spec.split('/');
    if (second === undefined || manifests.size === 0) return false;
    if (declared.has(first!) || declared.has(`${first}/${second}`) || declared.has(`@types/${first}`)) return false;
    ends ??= endsOf(files);
    // `@scope/types` is a package that came with another one, however many files are called `types`.
    const rest = first!.startsWith('@') && deeper.length === 0 ? undefined : [second, ...deeper].join('/');
    return ends.has(spec.replace(/^@/, '')) || (rest !== undefined && ends.has(rest));
  };
}

/** `@/x`, `~/x`, `@models`: npm has no such names. */
const impossible = /^(?:@|~)(?:\/|$)|^@[^/]+$/;
const module = /(?:\/index)?\.(?:d\.)?[cm]?[jt]sx?$/;

/** Every way in which a path may end that is a name of a folder or a file, without what an import leaves out. */
function endsOf(files: Iterable<Path>): ReadonlySet<string> {
  const ends = new Set<string>();
  for (const path of files) {
    if (!module.test(path)) continue;
    const name = path.replace(module, '');
    for (let at = 0; ; at = name.indexOf('/', at) + 1) {
      ends.add(name.slice(at));
      if (!name.includes('/', at)) break;
    }
  }
  return ends;
}

/** The first manifest from a file's folder upwards that has something to say. */
export function upwards<T>(
  manifests: ReadonlyMap<Path, Manifest>,
  from: Path,
  say: (manifest: Manifest) => T | undefined,
): T | undefined {
  for (let at = folderOf(from); ; at = folderOf(at)) {
    const manifest = manifests.get(at);
    const said = manifest && say(manifest);
    if (said !== undefined || at === '') return said;
  }
}
