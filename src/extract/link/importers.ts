import type { NameFact, Path } from '../../model/facts.ts';
import type { Relation } from '../../model/system.ts';
import type { NamesOf } from '../language.ts';

/**
 * The given files, and those that can name what one of them declares: they import it, directly or through files that
 * export again what they import.
 */
export function importersOf(
  targets: Iterable<Path>,
  namesOf: NamesOf,
  imports: readonly Relation[],
): ReadonlySet<Path> {
  const open = new Set(targets);
  const found = new Set(open);
  if (open.size === 0) return found;
  const importers = Map.groupBy(imports, ({ to }) => to);
  // A set that grows while it is walked: each file that hands names on is visited once.
  for (const path of open) {
    for (const { from } of importers.get(`file:${path}`) ?? []) {
      const importer = from.slice('file:'.length);
      found.add(importer);
      if (namesOf(importer).some(handsOn)) open.add(importer);
    }
  }
  return found;
}
const handsOn = (fact: NameFact): boolean => fact.kind === 'export' && fact.sym.from !== undefined;
