import {
  type Evidence,
  type NodeId,
  type NodeKind,
  nodeKinds,
  type Relation,
  type RelationKind,
  relationKinds,
  type SystemNode,
} from '../../model/system.ts';
import { least } from '../link/values.ts';

/** A graph being built: nodes and relations are added once; a relation seen again gains evidence. */
export interface Graph {
  add(kind: NodeKind, name: string, roles: readonly string[], more?: Pick<SystemNode, 'processes'>): NodeId;
  has(id: NodeId): boolean;
  relate(
    kind: RelationKind,
    from: NodeId,
    to: NodeId,
    via: readonly Evidence[],
    confidence?: Relation['confidence'],
    more?: Pick<Relation, 'async' | 'typeOnly'>,
  ): void;
  nodes(): Readonly<Record<NodeKind, readonly SystemNode[]>>;
  relations(): Readonly<Record<RelationKind, readonly Relation[]>>;
}

type Growing = { -readonly [K in keyof Relation]: Relation[K] } & { via: Evidence[] };

export function newGraph(): Graph {
  const nodes = new Map<NodeId, SystemNode>();
  const edges = byKind(relationKinds, () => [] as Growing[]);
  const index = byKind(relationKinds, () => new Map<NodeId, Map<NodeId, Growing>>());
  return {
    add(kind, name, roles, more = {}) {
      const id: NodeId = `${kind}:${name}`;
      const known = nodes.get(id);
      nodes.set(id, { id, name, roles: known ? [...new Set([...known.roles, ...roles])] : roles, ...more });
      return id;
    },
    has: (id) => nodes.has(id),
    relate(kind, from, to, via, confidence = 'certain', { typeOnly, async } = {}) {
      const leading = index[kind].get(from);
      const known = leading?.get(to);
      if (!known) {
        const edge: Growing = { kind, from, to, via: [...via], confidence };
        if (typeOnly !== undefined) edge.typeOnly = typeOnly;
        if (async !== undefined) edge.async = async;
        edges[kind].push(edge);
        if (leading) leading.set(to, edge);
        else index[kind].set(from, new Map([[to, edge]]));
        return;
      }
      for (const each of via) known.via.push(each);
      // Seen twice, a relation is as sure as the surer sighting.
      if (least(known.confidence, confidence) === known.confidence) known.confidence = confidence;
      // It is only about types, or only asynchronous, when every sighting is.
      if (typeOnly !== undefined) known.typeOnly = (known.typeOnly ?? true) && typeOnly;
      if (async !== undefined) known.async = (known.async ?? true) && async;
    },
    nodes() {
      const all = byKind(nodeKinds, () => [] as SystemNode[]);
      for (const node of nodes.values()) all[node.id.slice(0, node.id.indexOf(':')) as NodeKind].push(node);
      return all;
    },
    relations: () => edges,
  };
}

const byKind = <K extends string, T>(kinds: readonly K[], make: () => T): Record<K, T> =>
  Object.fromEntries(kinds.map((kind) => [kind, make()])) as Record<K, T>;
