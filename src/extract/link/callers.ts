import type { Fact, FileFacts, Path } from '../../model/facts.ts';
import type { Links } from '../language.ts';

export interface Caller {
  readonly path: Path;
  readonly fact: Fact<'call'>;
}

/**
 * Who calls a function: what its parameters stand for. A method is found by the type of what it is called on
 * (`new Store().connect(url)` calls `Store.connect`); calls through an interface are not found.
 */
export function callersOf(
  files: ReadonlyMap<Path, FileFacts>,
  linksOf: (path: Path) => Links | undefined,
): (path: Path, fn: number) => readonly Caller[] {
  let byName: Map<string, Caller[]> | undefined;
  const index = () => {
    const found = new Map<string, Caller[]>();
    for (const [path, { facts }] of files) {
      for (const fact of facts) {
        const name = fact.kind === 'call' ? fact.callee.path.at(-1) : undefined;
        if (fact.kind !== 'call' || name === undefined) continue;
        const list = found.get(name);
        if (list) list.push({ path, fact });
        else found.set(name, [{ path, fact }]);
      }
    }
    return found;
  };
  return (path, fn) => {
    const name = files.get(path)?.functions[fn]?.name.split('.').at(-1);
    if (!name) return [];
    byName ??= index();
    return (byName.get(name) ?? []).filter((caller) => {
      const { callee, receiverType } = caller.fact;
      const target = receiverType ? { ...receiverType, path: [...receiverType.path, name] } : callee;
      const found = linksOf(caller.path)?.definition(caller.path, target);
      return typeof found === 'object' && found.path === path && found.fn === fn;
    });
  };
}
