import type { Fact, FileFacts, Path, Sym, Value } from '../../model/facts.ts';
import type { Confidence, Known } from '../../model/system.ts';
import type { Links } from '../language.ts';

interface Default {
  readonly path: Path;
  readonly fact: Fact<'client-default'>;
}

/**
 * Where a client's default comes from. A client of a file of the system is looked up where it is made; one that a
 * library shares (`axios.get`) has the defaults that any file sets, which is likely and not certain: load order and
 * deployables may differ. A client that nobody is seen to make is unknown.
 */
export function clientDefaults(
  files: ReadonlyMap<Path, FileFacts>,
  linksOf: (path: Path) => Links | undefined,
): (client: Sym, path: Path) => Known<Value | 'absent'> {
  const own = new Map<string, Default[]>();
  const shared = new Map<string, Default[]>();
  const add = (map: Map<string, Default[]>, key: string, found: Default) => {
    const list = map.get(key);
    if (list) list.push(found);
    else map.set(key, [found]);
  };
  for (const [path, { facts }] of files) {
    for (const fact of facts) {
      if (fact.kind !== 'client-default') continue;
      if (fact.client.from === undefined) add(own, `${path}#${fact.client.path.join('.')}`, { path, fact });
      else {
        const origin = linksOf(path)?.origin?.(path, fact.client);
        if (origin && 'path' in origin) add(own, `${origin.path}#${origin.sym.path.join('.')}`, { path, fact });
        else add(shared, `${fact.client.from}#${fact.client.path.join('.')}`, { path, fact });
      }
    }
  }
  const settle = (found: readonly Default[] | undefined, from: Path): Known<Value | 'absent'> => {
    if (!found) return { value: undefined, confidence: 'possible', via: [] };
    const set =
      found.find(({ fact, path }) => fact.timeout !== 'absent' && path === from) ??
      found.find(({ fact }) => fact.timeout !== 'absent');
    const { fact, path } = set ?? found.find((each) => each.path === from) ?? found[0]!;
    const confidence: Confidence = set && path !== from && fact.client.from !== undefined ? 'likely' : 'certain';
    // That a shared client has no default is seen nowhere in particular.
    const via = fact.timeout === 'absent' && fact.client.from !== undefined ? [] : [{ path, span: fact.span }];
    return { value: fact.timeout, confidence, via };
  };
  return (client, path) => {
    const origin = linksOf(path)?.origin?.(path, client);
    if (origin && 'path' in origin) return settle(own.get(`${origin.path}#${origin.sym.path.join('.')}`), path);
    if (client.from === undefined) return settle(own.get(`${path}#${client.path.join('.')}`), path);
    return settle(shared.get(`${client.from}#${client.path.join('.')}`), path);
  };
}
