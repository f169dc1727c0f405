import { describe, expect, it } from 'vitest';
import { type Adjacency, componentsOf, shortestPath } from './components.ts';

const graphOf = (edges: Iterable<readonly [string, string]>): Adjacency => {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
    if (!graph.has(to)) graph.set(to, new Set());
  }
  return graph;
};
/** Pairs of nodes that reach each other, by the definition. */
function mutual(graph: Adjacency): Set<string> {
  const reach = (from: string) => {
    const seen = new Set<string>();
    const queue = [from];
    for (const node of queue)
      for (const next of graph.get(node) ?? []) {
        if (!seen.has(next)) queue.push(next);
        seen.add(next);
      }
    return seen;
  };
  const reached = new Map([...graph.keys()].map((node) => [node, reach(node)]));
  const pairs = [...graph.keys()].flatMap((a) => [...graph.keys()].map((b) => [a, b] as const));
  return new Set(
    pairs.filter(([a, b]) => a !== b && reached.get(a)!.has(b) && reached.get(b)!.has(a)).map(([a, b]) => `${a} ${b}`),
  );
}
/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
}
const cpuOf = (work: () => void): number => {
  const { user, system } = process.cpuUsage();
  work();
  const used = process.cpuUsage();
  return (used.user - user + used.system - system) / 1000;
};

describe('components', { timeout: 60_000 }, () => {
  it('are the sets of nodes that reach each other', () => {
    const next = random(7);
    for (let round = 0; round < 200; round++) {
      const nodes = 2 + next(9);
      const graph = graphOf(
        Array.from({ length: next(3 * nodes) }, () => [`${next(nodes)}`, `${next(nodes)}`] as const),
      );
      const found = componentsOf(graph).flatMap((ring) =>
        ring.flatMap((a) => ring.filter((b) => a !== b).map((b) => `${a} ${b}`)),
      );
      expect(new Set(found)).toEqual(mutual(graph));
    }
  });
  it('of a chain of 100,000 imports are none, and of a ring of as many one, with its way around', () => {
    const size = 100_000;
    const chain = Array.from({ length: size }, (_, i) => [`${i}`, `${i + 1}`] as const);
    expect(componentsOf(graphOf(chain))).toEqual([]);
    const ring = graphOf([...chain, [`${size}`, '0']]);
    const [found, ...more] = componentsOf(ring);
    expect(found).toHaveLength(size + 1);
    expect(more).toEqual([]);
    expect(shortestPath(ring, '0', `${size}`, new Set(found))).toHaveLength(size + 1);
  });
  it('of one component of 10,000 modules are found at once, and of 50,000 in seconds', () => {
    const tangle = (size: number) => {
      const next = random(size);
      const edges = Array.from({ length: 4 * size }, () => [`${next(size)}`, `${next(size)}`] as const);
      return graphOf([...edges, ...Array.from({ length: size }, (_, i) => [`${i}`, `${(i + 1) % size}`] as const)]);
    };
    for (const size of [10_000, 50_000]) {
      const graph = tangle(size);
      let sizes: number[] = [];
      // A search for each of the 250,000 edges would take minutes.
      expect(cpuOf(() => (sizes = componentsOf(graph).map(({ length }) => length)))).toBeLessThan(5000);
      expect(sizes).toEqual([size]);
    }
  });
});

describe('the way through a ring', () => {
  const graph = new Map(
    Object.entries({ a: ['x', 'b', 'o'], b: ['c'], c: ['t'], x: ['t'], o: ['t2'], t2: ['t'], t: ['a'] }).map(
      ([name, targets]) => [name, new Set(targets)],
    ),
  );
  it('is a shortest one', () => {
    expect(shortestPath(graph, 'a', 't', new Set(graph.keys()))).toEqual(['a', 'x', 't']);
  });
  it('does not leave it', () => {
    expect(shortestPath(graph, 'a', 't', new Set(['a', 'b', 'c', 't']))).toEqual(['a', 'b', 'c', 't']);
    expect(shortestPath(graph, 'a', 't', new Set(['a', 't']))).toBeUndefined();
  });
});
