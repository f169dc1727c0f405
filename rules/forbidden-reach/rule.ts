import { z } from 'zod';
import { type Boundary, type Captures, crosses } from '../../src/model/boundary.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Evidence, System } from '../../src/model/system.ts';

/** A step on a shortest way: where it is taken, and the file that it leads to, or the end of the way. */
interface Step {
  readonly at: Evidence;
  readonly to: string;
  readonly last: boolean;
}

/** Sees chains of imports that exist when the program runs; imports of types alone lead nowhere then. */
export const forbiddenReach: Rule = {
  id: 'forbidden-reach',
  title: 'What must be out of reach is out of reach',
  why: 'A dependency through three files is one all the same: whoever loads the first file loads, builds and ships the last.',
  fix: 'Cut the chain where the reason says that it must not pass; the evidence shows the shortest one.',
  source: 'B14 undeclared dependency edge (import-linter forbidden contracts, dependency-cruiser reachable)',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'reach', 'imports', 'import'],
  subject: 'reach',
  options: z.unknown(),
  *check(system) {
    const files = system
      .nodes('file')
      .filter(({ roles }) => roles.includes('production') || roles.includes('generated'));
    for (const boundary of system.boundaries('reach')) {
      const starts = files.flatMap(({ name }) => {
        const captures = boundary.from(name);
        return captures ? [{ name, captures }] : [];
      });
      // Files with the same captures have the same places to keep away from.
      for (const group of Map.groupBy(starts, ({ captures }) => JSON.stringify(captures)).values()) {
        const { captures } = group[0]!;
        const own = new Set(group.map(({ name }) => name));
        const ways = waysTo(system, boundary, captures);
        for (const { name } of group) {
          const way = wayFrom(name, ways);
          // Of a way within what the boundary is about, the last file is the one that leaves it.
          if (way.length === 0 || (!way[0]!.last && own.has(way[0]!.to))) continue;
          yield violation(system, boundary, name, way);
        }
      }
    }
  },
};

/** From each file that reaches what is forbidden, the next step of a shortest way. */
function waysTo(system: System, boundary: Boundary, captures: Captures): ReadonlyMap<string, Step> {
  const ways = new Map<string, Step>();
  const into = new Map<string, { readonly from: string; readonly at: Evidence }[]>();
  const arrive = (from: string, step: Step) => {
    if (!ways.has(from)) ways.set(from, step);
  };
  for (const { path, spec, span, typeOnly } of system.outside()) {
    if (!typeOnly && crosses(boundary, captures, { package: spec }))
      arrive(path, { at: { path, span }, to: spec, last: true });
  }
  for (const { from: source, to: target, via, typeOnly } of system.relations('imports')) {
    if (typeOnly) continue;
    const [from, to] = [source.slice('file:'.length), target.slice('file:'.length)];
    if (crosses(boundary, captures, { path: to })) arrive(from, { at: via[0]!, to, last: true });
    const list = into.get(to);
    if (list) list.push({ from, at: via[0]! });
    else into.set(to, [{ from, at: via[0]! }]);
  }
  // A map is iterated in the order of insertion, also over what is added meanwhile: breadth first.
  for (const to of ways.keys()) for (const { from, at } of into.get(to) ?? []) arrive(from, { at, to, last: false });
  return ways;
}

function wayFrom(start: string, ways: ReadonlyMap<string, Step>): readonly Step[] {
  const way: Step[] = [];
  for (let step = ways.get(start); step; step = step.last ? undefined : ways.get(step.to)) way.push(step);
  return way;
}

function violation(system: System, boundary: Boundary, from: string, way: readonly Step[]) {
  const end = way.at(-1)!.to;
  const through = way.slice(0, -1).map(({ to }) => to);
  const shown = through.length > SHOWN ? [...through.slice(0, SHOWN), `${through.length - SHOWN} more`] : through;
  const chain = through.length === 0 ? '' : ` through ${shown.join(' → ')}`;
  return {
    subject: (system.owner(from, 'module') ?? system.owner(from, 'deployable'))?.id ?? (`file:${from}` as const),
    atoms: [`${system.place(from)}~>${boundary.to.text}`],
    message: `${from} reaches ${end}${chain}, which is forbidden to ${boundary.about}: ${boundary.reason}`,
    at: way.slice(0, SHOWN).map(({ at, to }) => ({ ...at, note: `→ ${to}` })) as [Evidence, ...Evidence[]],
    confidence: 'certain' as const,
  };
}
/** Steps that are shown; a person follows no more. */
const SHOWN = 20;
