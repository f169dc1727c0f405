import { posix } from 'node:path';
import type { FileFacts, Path } from '../../model/facts.ts';
import type { Links, Target } from '../language.ts';

/**
 * `a.b` is `a/b.py` or `a/b/__init__.py` in the importing file's folder or one above it: where the interpreter's path
 * starts is a matter of deployment, and the nearest match is what it almost always is.
 */
export function linkPython(files: ReadonlyMap<Path, FileFacts>): Links {
  const at = (base: string): Path | undefined =>
    [`${base}.py`, posix.join(base, '__init__.py')]
      .map((path) => path.replace(/^\.\//, ''))
      .find((path) => files.has(path));
  const isPackage = (base: string) => base !== '.' && [...files.keys()].some((path) => path.startsWith(`${base}/`));
  const relative = (from: Path, spec: string): Target => {
    const dots = /^\.+/.exec(spec)?.[0].length ?? 0;
    const base = posix.join(posix.dirname(from), '../'.repeat(dots - 1), spec.slice(dots).replaceAll('.', '/'));
    const clean = base.replace(/\/$/, '');
    const to = at(clean) ?? at(posix.dirname(clean));
    if (to) return { to };
    return isPackage(clean) ? { external: spec } : { unresolved: true, internal: true };
  };
  const absolute = (from: Path, spec: string): Target => {
    const parts = spec.split('.');
    for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
      for (let length = parts.length; length > 0; length -= 1) {
        const to = at(posix.join(folder, ...parts.slice(0, length)));
        if (to && to !== from) return { to };
      }
      if (folder === '.' || folder === '/') return { external: parts[0] ?? spec };
    }
  };
  const resolve = (from: Path, spec: string): Target =>
    spec.startsWith('.') ? relative(from, spec) : absolute(from, spec);
  return {
    resolve,
    definition: (from, sym) => {
      const target = sym.from ? resolve(from, sym.from) : { to: from };
      if (!('to' in target)) return 'external' in target ? 'external' : 'unknown';
      const name = sym.path.filter((part) => part !== 'self').join('.');
      const fn = files
        .get(target.to)
        ?.functions.findIndex((each) => each.name === name || each.name.endsWith(`.${name}`));
      return fn === undefined || fn < 0 ? 'unknown' : { path: target.to, fn };
    },
  };
}
