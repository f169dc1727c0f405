import { z } from 'zod';
import { componentsOf, shortestPath } from '../../src/model/components.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Evidence, NodeId, System } from '../../src/model/system.ts';

const options = z.object({
  typeOnly: z.boolean().default(false).describe('Whether imports of types alone make a dependency.'),
});
interface Edge {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly via: Evidence[];
  /** Only events lead this way: the publisher does not wait for the consumer. */
  async: boolean;
}

/** Sees imports between modules, required contracts and calls between deployables; files inside one module are its own affair. */
export const cyclicDependency: Rule<z.infer<typeof options>> = {
  id: 'cyclic-dependency',
  title: 'Dependencies between modules form no ring',
  why: 'Modules in a ring can only be built, deployed and scaled together, and a failure of one reaches all of them.',
  fix: 'Turn the named edge around with an event, or merge the modules if they change together anyway.',
  source: 'B01 cyclic dependency (MARS, NOSE, CIM); Tarjan 1972 for the components',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'imports', 'depends-on', 'calls', 'subscribe'],
  subject: 'module',
  options,
  *check(system, { typeOnly }) {
    const edges = edgesOf(system, typeOnly);
    const graph = new Map<string, Set<string>>();
    for (const { from, to } of edges.values()) {
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
      if (!graph.has(to)) graph.set(to, new Set());
    }
    const rings = componentsOf(graph);
    const ringOf = new Map(rings.flatMap((ring, i) => ring.map((node) => [node, i] as const)));
    const innerOf = Map.groupBy(edges.values(), ({ from, to }) =>
      ringOf.get(from) === ringOf.get(to) ? ringOf.get(from) : undefined,
    );
    for (const [i, ring] of rings.entries()) {
      const within = new Set(ring);
      const inner = innerOf.get(i)!;
      // The cheapest edge to cut has the fewest places; events before calls, then by name, so that it is always the same.
      const cheapest = inner.toSorted(
        (a, b) => a.via.length - b.via.length || compare(key(a.from, a.to), key(b.from, b.to)),
      )[0]!;
      const path = shortestPath(graph, cheapest.to, cheapest.from, within)!;
      const names = [cheapest.from, ...path].map((id) => system.node(id as NodeId).name);
      const steps = [cheapest.from as string, ...path].slice(0, -1).map((from, i) => edges.get(key(from, path[i]!))!);
      const places = `${cheapest.via.length} ${cheapest.via.length === 1 ? 'place' : 'places'}`;
      yield {
        subject: cheapest.from,
        atoms: inner.map(({ from, to }) => `${system.node(from).name}>${system.node(to).name}`).sort(),
        message: `${shortened(names)} is a ring; the edge to cut is ${names[0]} → ${names[1]} (${places}).`,
        at: steps.slice(0, SHOWN).map(({ from, to, via }) => ({
          ...via[0]!,
          note: `${system.node(from).name} → ${system.node(to).name}`,
        })) as [Evidence, ...Evidence[]],
        confidence: steps.some(({ async }) => async) ? 'possible' : 'certain',
      };
    }
  },
};

function edgesOf(system: System, typeOnly: boolean): Map<string, Edge> {
  const edges = new Map<string, Edge>();
  const modules = new Set(system.nodes('module').map(({ id }) => id));
  // Where a module is what runs, its imports and its calls are edges of one node.
  const same = (id: NodeId): NodeId => {
    const module: NodeId = `module:${id.slice(id.indexOf(':') + 1)}`;
    return modules.has(module) ? module : id;
  };
  const add = (source: NodeId, target: NodeId, via: readonly Evidence[], async: boolean) => {
    const [from, to] = [same(source), same(target)];
    if (from === to) return;
    const known = edges.get(key(from, to));
    if (!known) edges.set(key(from, to), { from, to, via: [...via], async });
    else {
      known.via.push(...via);
      known.async &&= async;
    }
  };
  const consumers = new Set([...system.facts('subscribe')].map(({ path }) => path));
  for (const edge of system.relations('imports')) {
    const { name: path, roles } = system.node(edge.from);
    if ((edge.typeOnly && !typeOnly) || !roles.includes('production')) continue;
    const from = system.owner(path, 'module');
    const to = system.owner(system.node(edge.to).name, 'module');
    // A file that subscribes imports the contract for the events' names; what it calls is declared as required.
    if (from && to) add(from.id, to.id, edge.via, consumers.has(path));
  }
  for (const edge of system.relations('depends-on')) {
    if (edge.from.startsWith('module:') && edge.to.startsWith('module:')) add(edge.from, edge.to, edge.via, false);
  }
  for (const edge of system.relations('calls')) {
    if (edge.confidence !== 'possible' && !edge.to.startsWith('external:'))
      add(edge.from, edge.to, edge.via, edge.async ?? false);
  }
  return edges;
}
/** Steps of a ring that are shown; a person follows no more, and its atoms name all of it. */
const SHOWN = 20;
const shortened = (names: readonly string[]): string =>
  names.length <= SHOWN
    ? names.join(' → ')
    : `${[...names.slice(0, 4), `${names.length - 6} more`, ...names.slice(-2)].join(' → ')}`;
const key = (from: string, to: string): string => `${from}>${to}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
