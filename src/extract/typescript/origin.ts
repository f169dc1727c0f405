import type { Fact, FileFacts, NameFact, Path, Sym } from '../../model/facts.ts';
import type { NamesOf, Origin, Target } from '../language.ts';

interface Names {
  readonly exports: ReadonlyMap<string, Sym>;
  readonly stars: readonly string[];
  readonly aliases: ReadonlyMap<string, Sym>;
  /** Names of this file under which something is exported. */
  readonly locals: ReadonlySet<string>;
}
const cache = new WeakMap<readonly NameFact[], Names>();

function indexed(facts: readonly NameFact[]): Names {
  const known = cache.get(facts);
  if (known) return known;
  const exports = new Map<string, Sym>();
  const stars: string[] = [];
  const aliases = new Map<string, Sym>();
  for (const fact of facts) {
    if (fact.kind === 'export') addExport(fact);
    else if (fact.alias && fact.name.path[0]) aliases.set(fact.name.path[0], fact.alias);
  }
  function addExport({ name, sym }: Fact<'export'>) {
    if (name === '*') stars.push(sym.from ?? '');
    else exports.set(name, sym);
  }
  const locals = new Set([...exports.values()].flatMap(({ from, path: [name] }) => (from || !name ? [] : [name])));
  const names = { exports, stars, aliases, locals };
  cache.set(facts, names);
  return names;
}

/** Barrels that re-export each other may form rings; chains longer than this are not followed. */
const DEPTH = 16;

/** Where a name is declared: through imports, aliases and re-exports, to its file or out of the system. */
export function originOf(
  files: ReadonlyMap<Path, FileFacts>,
  namesOf: NamesOf,
  resolve: (from: Path, spec: string) => Target,
  from: Path,
  sym: Sym,
  depth = 0,
): Origin {
  const unknown: Origin = { external: sym.from ?? '', sym };
  if (depth > DEPTH) return unknown;
  if (sym.from === undefined) {
    const [head, ...rest] = sym.path;
    const alias = head === undefined ? undefined : indexed(namesOf(from)).aliases.get(head);
    if (!alias || (alias.from === undefined && alias.path[0] === head)) return { path: from, sym };
    return originOf(files, namesOf, resolve, from, { ...alias, path: [...alias.path, ...rest] }, depth + 1);
  }
  if (sym.from === 'globalThis') return unknown;
  const target = resolve(from, sym.from);
  if (!('to' in target)) return unknown;
  const [name, ...rest] = sym.path;
  if (!files.has(target.to) || name === undefined) return { path: target.to, sym: { path: sym.path } };
  const { exports, stars } = indexed(namesOf(target.to));
  const exported = exports.get(name);
  if (exported) {
    return originOf(files, namesOf, resolve, target.to, { ...exported, path: [...exported.path, ...rest] }, depth + 1);
  }
  for (const star of stars) {
    const found = originOf(files, namesOf, resolve, target.to, { from: star, path: sym.path }, depth + 1);
    if ('path' in found && files.has(found.path) && declares(namesOf(found.path), found.sym)) return found;
  }
  return { path: target.to, sym: { path: sym.path } };
}

function declares(names: readonly NameFact[], { path: [name] }: Sym): boolean {
  if (name === undefined) return true;
  const { exports, aliases, locals } = indexed(names);
  return exports.has(name) || aliases.has(name) || locals.has(name);
}
