import type { Fact, Path, Sym, Value } from '../../model/facts.ts';
import type { Known } from '../../model/system.ts';
import type { Links, NamesOf } from '../language.ts';

interface Default {
  readonly path: Path;
  readonly fact: Fact<'client-default'>;
}

/**
 * Where a client's default comes from. A client of a file of the system is looked up where it is made. One that is
 * injected has the default of those that its own program makes of its type, and one that a library shares (`axios.get`)
 * has the default that any file sets: both are likely and not certain. A client that nobody is seen to make is unknown.
 */
export function clientDefaults(
  namesOf: NamesOf,
  defaults: Iterable<Default>,
  linksOf: (path: Path) => Links | undefined,
  sameProgram: (a: Path, b: Path) => boolean,
): (client: Sym, path: Path) => Known<Value | 'absent'> {
  const own = new Map<string, Default[]>();
  const shared = new Map<string, Default[]>();
  const add = (map: Map<string, Default[]>, key: string, found: Default) => {
    const list = map.get(key);
    if (list) list.push(found);
    else map.set(key, [found]);
  };
  for (const { path, fact } of defaults) {
    if (fact.client.from === undefined) add(own, `${path}#${fact.client.path.join('.')}`, { path, fact });
    else {
      const origin = linksOf(path)?.origin?.(path, fact.client);
      if (origin && 'path' in origin) add(own, `${origin.path}#${origin.sym.path.join('.')}`, { path, fact });
      else add(shared, `${fact.client.from}#${fact.client.path.join('.')}`, { path, fact });
    }
  }
  const settle = (all: readonly Default[] | undefined, from: Path): Known<Value | 'absent'> => {
    const found = all?.filter(({ path }) => path === from || sameProgram(path, from)) ?? [];
    const isSet = ({ fact }: Default) => fact.timeout !== 'absent';
    const chosen =
      found.find((each) => isSet(each) && each.path === from) ??
      found.find(isSet) ??
      found.find(({ path }) => path === from) ??
      found[0];
    if (!chosen) return nothing;
    const { fact, path } = chosen;
    const isShared = fact.client.from !== undefined;
    // That a shared client has no default is seen nowhere in particular.
    const via = isShared && fact.timeout === 'absent' && path === from ? [] : [{ path, span: fact.span }];
    return { value: fact.timeout, confidence: isShared && path !== from ? 'likely' : 'certain', via };
  };
  const typeOf = (client: Sym, path: Path): Sym | undefined => {
    for (const fact of namesOf(path)) {
      if (
        fact.kind === 'binding' &&
        fact.type?.from !== undefined &&
        fact.name.path.join('.') === client.path.join('.')
      )
        return fact.type;
    }
    return undefined;
  };
  return (client, path) => {
    const origin = linksOf(path)?.origin?.(path, client);
    const at = origin && 'path' in origin ? { path: origin.path, sym: origin.sym } : { path, sym: client };
    if (at.sym.from !== undefined) return settle(shared.get(`${at.sym.from}#${at.sym.path.join('.')}`), path);
    const made = own.get(`${at.path}#${at.sym.path.join('.')}`);
    if (made) return settleOwn(made, path);
    const type = typeOf(at.sym, at.path);
    return type ? settle(shared.get(`${type.from}#${type.path.join('.')}`), path) : nothing;
  };
}

const nothing: Known<never> = { value: undefined, confidence: 'possible', via: [] };

/** Of a client that one file makes: what is set anywhere counts, a later word over the first one's silence. */
function settleOwn(found: readonly Default[], from: Path): Known<Value | 'absent'> {
  const isSet = ({ fact }: Default) => fact.timeout !== 'absent';
  const { fact, path } = found.find((each) => isSet(each) && each.path === from) ?? found.find(isSet) ?? found[0]!;
  return { value: fact.timeout, confidence: 'certain', via: [{ path, span: fact.span }] };
}
