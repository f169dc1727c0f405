import type { Boundary, Layer } from './boundary.ts';
import type { Fact, FactKind, FactMap, Path, Span, Sym, Value } from './facts.ts';

/** The last three are what `architecture.yaml` states about the others: layers, boundaries of one step and of many. */
export const nodeKinds = [
  'file',
  'module',
  'deployable',
  'datastore',
  'resource',
  'topic',
  'pipeline',
  'external',
  'layer',
  'boundary',
  'reach',
] as const;
export type NodeKind = (typeof nodeKinds)[number];
export type NodeId = `${NodeKind}:${string}`;
/** Roles: production test generated vendored | gateway registry migration ui library … */
export interface SystemNode {
  readonly id: NodeId;
  readonly name: string;
  readonly roles: readonly string[];
  /** Of a deployable: names of the running things that deployment makes from it. */
  readonly processes?: readonly string[];
}
export interface Evidence {
  readonly path: Path;
  readonly span: Span;
  readonly note?: string;
}
/** `possible` never fails a run. */
export type Confidence = 'certain' | 'likely' | 'possible';
export const relationKinds = [
  'imports',
  'contains',
  'hosts',
  'calls',
  'publishes',
  'consumes',
  'accesses',
  'depends-on',
] as const;
export type RelationKind = (typeof relationKinds)[number];
export interface Relation {
  readonly kind: RelationKind;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly via: readonly Evidence[];
  readonly confidence: Confidence;
  readonly async?: boolean;
  readonly typeOnly?: boolean;
}
export interface Known<T> {
  readonly value: T | undefined;
  readonly confidence: Confidence;
  readonly via: readonly Evidence[];
}
export interface OutsideImport {
  readonly path: Path;
  /** A package or a file of it; Node.js's own begin with `node:`. */
  readonly spec: string;
  readonly span: Span;
  readonly typeOnly: boolean;
}
export type Reads = FactKind | NodeKind | RelationKind;

/** What a rule sees. Every accessor throws when the rule did not declare the kind in `reads`. */
export interface System {
  nodes(kind: NodeKind): readonly SystemNode[];
  node(id: NodeId): SystemNode;
  relations(kind: RelationKind, of?: { readonly from?: NodeId; readonly to?: NodeId }): readonly Relation[];
  /** Facts of files in the given roles; default: production. */
  facts<K extends FactKind>(
    kind: K,
    roles?: readonly string[],
  ): Iterable<{ readonly fact: Fact<K>; readonly path: Path }>;
  owner(path: Path, kind: 'module' | 'deployable'): SystemNode | undefined;
  /** Whether `to` is part of its owner's public surface as seen from `from`. */
  visible(to: Path, from: NodeId): boolean;
  /** Whether the blueprint declares that `from` may depend on `to`. */
  declared(from: NodeId, to: NodeId): boolean;
  /** Where a file stands in stacks of layers; reads `layer`. */
  layers(path: Path): readonly Layer[];
  boundaries(kind: 'boundary' | 'reach'): readonly Boundary[];
  /** What files in production import from outside of the system; reads `import`. */
  outside(): Iterable<OutsideImport>;
  evaluate(value: Value, path: Path): Known<string | number | boolean>;
  defaultOf(client: Sym, path: Path): Known<Value | 'absent'>;
  reachedFrom(on: FactMap['entry']['on'], path: Path, fn: number): Known<readonly Evidence[]>;
  /** A file for atoms: its owner and its own name, so that renaming or moving folders changes no identity. */
  place(path: Path): string;
  /** Name of a function for atoms: `outer.inner`, `<module>` outside any function. */
  symbol(path: Path, fn: number): string;
}
