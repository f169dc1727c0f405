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

export function newGraph(): Graph {
  const nodes = new Map<NodeId, SystemNode>();
  const edges = new Map<string, Relation>();
  const group = <K extends string, T>(kinds: readonly K[], all: Iterable<T>, kindOf: (each: T) => string) => {
    const by = Object.fromEntries(kinds.map((kind) => [kind, [] as T[]])) as Record<K, T[]>;
    for (const each of all) by[kindOf(each) as K].push(each);
    return by;
  };
  return {
    add(kind, name, roles, more = {}) {
      const id: NodeId = `${kind}:${name}`;
      const known = nodes.get(id);
      nodes.set(id, { id, name, roles: known ? [...new Set([...known.roles, ...roles])] : roles, ...more });
      return id;
    },
    has: (id) => nodes.has(id),
    relate(kind, from, to, via, confidence = 'certain', more = {}) {
      const key = `${kind} ${from} ${to}`;
      const known = edges.get(key);
      edges.set(key, {
        kind,
        from,
        to,
        via: known ? [...known.via, ...via] : via,
        // Seen twice, a relation is as sure as the surer sighting.
        confidence: known && least(known.confidence, confidence) === confidence ? known.confidence : confidence,
        // It is only about types, or only asynchronous, when every sighting is.
        ...(more.typeOnly !== undefined && { typeOnly: (known?.typeOnly ?? true) && more.typeOnly }),
        ...(more.async !== undefined && { async: (known?.async ?? true) && more.async }),
      });
    },
    nodes: () => group(nodeKinds, nodes.values(), ({ id }) => id.slice(0, id.indexOf(':'))),
    relations: () => group(relationKinds, edges.values(), ({ kind }) => kind),
  };
}
