import type { FileFacts, Path } from '../../model/facts.ts';
import type { Links, Target } from '../language.ts';

/** `a.b.C` is the file `…/a/b/C.java` under whatever source root; a nested `a.b.C.D` is in that of `a.b.C`. */
export function linkJava(files: ReadonlyMap<Path, FileFacts>): Links {
  const byName = new Map<string, Path[]>();
  const packages = new Set<string>();
  for (const path of files.keys()) {
    const parts = path.replace(/\.java$/, '').split('/');
    const name = parts.at(-1) ?? '';
    byName.set(name, [...(byName.get(name) ?? []), path]);
    for (let from = 0; from < parts.length - 1; from += 1) packages.add(parts.slice(from, -1).join('.'));
  }
  const find = (from: Path, full: string): Path | undefined => {
    const suffix = `${full.replaceAll('.', '/')}.java`;
    const candidates = (byName.get(full.slice(full.lastIndexOf('.') + 1)) ?? []).filter(
      (path) => path === suffix || path.endsWith(`/${suffix}`),
    );
    return candidates.sort((a, b) => common(b, from) - common(a, from))[0];
  };
  const resolve = (from: Path, spec: string): Target => {
    for (let name = spec; name.includes('.'); name = name.slice(0, name.lastIndexOf('.'))) {
      const to = find(from, name);
      if (to) return { to };
    }
    const owner = spec.slice(0, spec.lastIndexOf('.'));
    return packages.has(owner) && !spec.endsWith('.*') ? { unresolved: true, internal: true } : { external: spec };
  };
  return {
    resolve,
    definition: (from, sym) => {
      const target = sym.from ? resolve(from, sym.from) : { to: from };
      if (!('to' in target)) return 'external' in target ? 'external' : 'unknown';
      const name = sym.path.slice(-2).join('.');
      const fn = files
        .get(target.to)
        ?.functions.findIndex((each) => each.name === name || each.name.endsWith(`.${sym.path.at(-1)}`));
      return fn === undefined || fn < 0 ? 'unknown' : { path: target.to, fn };
    },
  };
}

/** How many leading folders two paths share: of equal class names the nearest one is meant. */
function common(a: Path, b: Path): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const end = left.findIndex((part, i) => part !== right[i]);
  return end < 0 ? left.length : end;
}
