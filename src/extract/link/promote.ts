import type { Fact, FactKind, FactMap, FileFacts, Path, Span, Sym, Value } from '../../model/facts.ts';
import type { CallView, Emit, Expr, Links, Recogniser } from '../language.ts';

/**
 * Calls on clients that another file makes (`export const http = axios.create(…)`): the file that calls imports no
 * library, so its recogniser did not run there. The same recognisers read the call again, with the type that the client
 * has where it is made.
 */
export function promote(
  files: ReadonlyMap<Path, FileFacts>,
  linksOf: (path: Path) => Links | undefined,
  recognisersOf: (path: Path) => readonly Recogniser[],
): ReadonlyMap<Path, FileFacts> {
  const types = clientTypes(files);
  if (types.size === 0) return files;
  const promoted = new Map(files);
  for (const [path, file] of files) {
    const links = linksOf(path);
    if (!links?.origin) continue;
    const found: Fact[] = [];
    for (const fact of file.facts) {
      if (fact.kind !== 'call') continue;
      const view = sharedCall(fact, path, links.origin, types);
      if (!view) continue;
      for (const { on } of recognisersOf(path)) on.call?.(view, emitter(found, fact));
    }
    const fresh = found.filter(
      (fact) => !file.facts.some((known) => known.kind === fact.kind && known.span[0] === fact.span[0]),
    );
    if (fresh.length > 0)
      promoted.set(path, { ...file, facts: [...file.facts, ...fresh].sort((a, b) => a.span[0] - b.span[0]) });
  }
  return promoted;
}

/** The library type of each top-level name, by `path#name`. */
function clientTypes(files: ReadonlyMap<Path, FileFacts>): ReadonlyMap<string, Sym> {
  const types = new Map<string, Sym>();
  for (const [path, { facts }] of files) {
    for (const fact of facts) {
      if (fact.kind === 'binding' && fact.type?.from !== undefined && /^[@a-z]/.test(fact.type.from)) {
        types.set(`${path}#${fact.name.path.join('.')}`, fact.type);
      }
    }
  }
  return types;
}

function sharedCall(
  fact: Fact<'call'>,
  path: Path,
  origin: NonNullable<Links['origin']>,
  types: ReadonlyMap<string, Sym>,
): CallView | undefined {
  const { callee } = fact;
  if (callee.from === undefined || callee.path.length < 2) return undefined;
  const receiver: Sym = { ...callee, path: callee.path.slice(0, -1) };
  const made = origin(path, receiver);
  if (!('path' in made) || made.path === path) return undefined;
  const type = types.get(`${made.path}#${made.sym.path.join('.')}`);
  if (!type) return undefined;
  return {
    span: fact.span,
    callee: { path: callee.path },
    receiver,
    receiverType: type,
    arg: (i) => fact.args[i] && exprOfValue(fact.args[i], fact.span),
  };
}

const emitter =
  (into: Fact[], { fn, loop, tx }: Fact<'call'>): Emit =>
  <K extends FactKind>(kind: K, span: Span, fact: FactMap[K]) => {
    into.push({ ...fact, kind, span, fn, loop, tx } as unknown as Fact);
  };

/** A value as recognisers see an expression: what was read once is enough for them. */
function exprOfValue(value: Value, span: Span): Expr {
  return {
    span,
    is: value.k === 'lit' || value.k === 'cat' ? 'literal' : value.k === 'obj' ? 'object' : 'other',
    value: () => value,
    prop: (name) => {
      if (value.k === 'lit' || value.k === 'cat' || value.k === 'list') return 'absent';
      if (value.k !== 'obj') return 'unknown';
      const inside = value.of[name];
      return inside ? exprOfValue(inside, span) : value.open ? 'unknown' : 'absent';
    },
  };
}
