import type { Path } from '../../model/facts.ts';

/** An import between files, and the modules in which they lie. */
export interface Import {
  readonly file: Path;
  readonly target: Path;
  readonly from: string | undefined;
  readonly to: string | undefined;
}
export interface Dependencies {
  readonly uses: ReadonlyMap<string, readonly string[]>;
  readonly rings: readonly { readonly from: string; readonly to: string; readonly imports: number }[];
}

/**
 * Which modules may use which: every dependency that is there, the heaviest first, but none that closes a ring with those
 * before it. What is left out is the cheapest to turn around.
 */
export function dependenciesOf(modules: readonly string[], imports: readonly Import[]): Dependencies {
  const weights = new Map<string, number>();
  for (const { from, to } of imports) {
    if (from === undefined || to === undefined || from === to) continue;
    weights.set(`${from}>${to}`, (weights.get(`${from}>${to}`) ?? 0) + 1);
  }
  const edges = [...weights]
    .map(([key, count]) => ({ from: key.split('>')[0]!, to: key.split('>')[1]!, imports: count }))
    .sort((a, b) => b.imports - a.imports || (`${a.from}>${a.to}` < `${b.from}>${b.to}` ? -1 : 1));
  const uses = new Map(modules.map((name) => [name, [] as string[]]));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (uses.get(from) ?? []).some((next) => reaches(next, to, seen));
  };
  const rings = edges.filter(({ from, to }) => {
    if (reaches(to, from)) return true;
    uses.get(from)?.push(to);
    return false;
  });
  for (const list of uses.values()) list.sort();
  return { uses, rings };
}
