import type { Fact, FactKind, FactMap, FileFacts, Path, Span, Sym, Value } from '../../model/facts.ts';
import { own } from '../../model/own.ts';
import type { CallView, Emit, Expr, Links, NamesOf, Recogniser } from '../language.ts';

/** Library types of the top-level names that other files may call through, by `path#name`. */
export type Clients = ReadonlyMap<string, { readonly path: Path; readonly type: Sym }>;

/**
 * Calls on clients that another file makes (`export const http = axios.create(…)`): the file that calls imports no
 * library, so its recogniser did not run there. The same recognisers read the call again, with the type that the client
 * has where it is made.
 */
export function* promote(
  files: ReadonlyMap<Path, FileFacts>,
  clients: Clients,
  linksOf: (path: Path) => Links | undefined,
  recognisersOf: (path: Path) => readonly Recogniser[],
): Iterable<FileFacts> {
  if (clients.size === 0) return;
  for (const [path, file] of files) {
    const links = linksOf(path);
    if (!links?.origin) continue;
    const found: Fact[] = [];
    for (const fact of file.facts) {
      if (fact.kind !== 'call') continue;
      const view = sharedCall(fact, path, links.origin, clients);
      if (!view) continue;
      for (const { on } of recognisersOf(path)) on.call?.(view, emitter(found, fact));
    }
    const fresh = found.filter(
      (fact) => !file.facts.some((known) => known.kind === fact.kind && known.span[0] === fact.span[0]),
    );
    if (fresh.length > 0) yield { ...file, facts: [...file.facts, ...fresh].sort((a, b) => a.span[0] - b.span[0]) };
  }
}

/** The clients of libraries that some recogniser knows by their import. */
export function clientsIn(
  files: ReadonlyMap<Path, FileFacts>,
  namesOf: NamesOf,
  recognisers: readonly Recogniser[],
): Clients {
  const libraries = recognisers.flatMap(({ when }) => when.imports ?? []);
  const known = (from: string) => libraries.some((name) => from === name || from.startsWith(`${name}/`));
  const clients = new Map<string, { readonly path: Path; readonly type: Sym }>();
  // Longer than the library's own name where a language imports by class or submodule.
  const mayImport = (fact: Fact) =>
    fact.kind === 'import' && !fact.spec.startsWith('.') && libraries.some((name) => fact.spec.startsWith(name));
  for (const [path, { facts }] of files) {
    if (!facts.some(mayImport)) continue;
    for (const fact of namesOf(path)) {
      if (fact.kind === 'binding' && fact.type?.from !== undefined && known(fact.type.from)) {
        clients.set(`${path}#${fact.name.path.join('.')}`, { path, type: fact.type });
      }
    }
  }
  return clients;
}

function sharedCall(
  fact: Fact<'call'>,
  path: Path,
  origin: NonNullable<Links['origin']>,
  clients: Clients,
): CallView | undefined {
  const { callee } = fact;
  if (callee.from === undefined || callee.path.length < 2) return undefined;
  const receiver: Sym = { ...callee, path: callee.path.slice(0, -1) };
  const made = origin(path, receiver);
  if (!('path' in made) || made.path === path) return undefined;
  const client = clients.get(`${made.path}#${made.sym.path.join('.')}`);
  if (!client) return undefined;
  return {
    span: fact.span,
    callee: { path: callee.path },
    receiver,
    receiverType: client.type,
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
      const inside = own(value.of, name);
      return inside ? exprOfValue(inside, span) : value.open ? 'unknown' : 'absent';
    },
  };
}
