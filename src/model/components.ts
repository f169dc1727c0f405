/** Edges by source and target. */
export type Adjacency = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Strongly connected components with more than one node (Tarjan 1972), in time linear in nodes and edges, and without
 * recursion: rings of thousands of modules overflow no stack.
 */
export function componentsOf(graph: Adjacency): string[][] {
  const names = [...graph.keys()];
  const ids = new Map(names.map((name, i) => [name, i]));
  const targets = names.map((name) => [...graph.get(name)!].flatMap((target) => ids.get(target) ?? []));
  /** When a node was found, from 1; 0: not yet. */
  const found = new Int32Array(names.length);
  const low = new Int32Array(names.length);
  const next = new Int32Array(names.length);
  const onStack = new Uint8Array(names.length);
  const stack: number[] = [];
  const components: string[][] = [];
  let count = 0;
  const path: number[] = [];
  const open = (node: number) => {
    found[node] = low[node] = ++count;
    stack.push(node);
    onStack[node] = 1;
    path.push(node);
  };
  for (let root = 0; root < names.length; root++) {
    if (found[root] === 0) open(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const target = targets[node]![next[node]!++];
      if (target !== undefined) {
        if (found[target] === 0) open(target);
        else if (onStack[target] === 1) low[node] = Math.min(low[node]!, found[target]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== found[node]) continue;
      const members = stack.splice(stack.lastIndexOf(node));
      for (const member of members) onStack[member] = 0;
      if (members.length > 1) components.push(members.map((member) => names[member]!));
    }
  }
  return components;
}

/** The shortest path from one node to another inside a set of nodes, both ends included; undefined when there is none. */
export function shortestPath(
  graph: Adjacency,
  from: string,
  to: string,
  within: ReadonlySet<string>,
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (const node of queue) {
    if (node === to) {
      const path: string[] = [];
      for (let at: string | undefined = to; at !== undefined; at = cameFrom.get(at)) path.push(at);
      return path.reverse();
    }
    for (const next of graph.get(node) ?? []) {
      if (!within.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}
