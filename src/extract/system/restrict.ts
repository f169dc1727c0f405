import type { Fact, FactKind, Path } from '../../model/facts.ts';
import type { NodeId, NodeKind, Reads, RelationKind, System, SystemNode } from '../../model/system.ts';
import type { SystemModel } from './build.ts';

/** A rule's view of the system: reading a kind that it did not declare throws, so that memo keys can be trusted. */
export function restrict(model: SystemModel, reads: readonly Reads[], who: string): System {
  const allowed = new Set<string>(reads);
  const demand = (kind: string) => {
    if (!allowed.has(kind)) throw new Error(`${who} reads '${kind}' without declaring it in 'reads'`);
  };
  const known = new Map<NodeId, SystemNode>();
  return {
    nodes(kind: NodeKind) {
      demand(kind);
      return model.nodes[kind];
    },
    node(id) {
      const before = known.get(id);
      if (before) return before;
      demand(id.slice(0, id.indexOf(':')));
      const node = model.node(id);
      if (!node) throw new Error(`${who} asks for ${id}, which the system does not have`);
      known.set(id, node);
      return node;
    },
    relations(kind: RelationKind, of = {}) {
      demand(kind);
      const all = model.relations[kind];
      if (of.from === undefined && of.to === undefined) return all;
      return all.filter(
        ({ from, to }) => (of.from === undefined || from === of.from) && (of.to === undefined || to === of.to),
      );
    },
    *facts<K extends FactKind>(
      kind: K,
      roles: readonly string[] = ['production'],
    ): Iterable<{ fact: Fact<K>; path: Path }> {
      demand(kind);
      for (const each of model.facts(kind)) {
        if (model.roles.get(each.path)?.some((role) => roles.includes(role))) yield each;
      }
    },
    owner(path, kind) {
      demand(kind);
      return model.owner(path, kind);
    },
    layers(path) {
      demand('layer');
      return model.boundaries.layersOf(path);
    },
    boundaries(kind) {
      demand(kind);
      return model.boundaries.all.filter(({ verb }) => (verb === 'forbidReach') === (kind === 'reach'));
    },
    *outside() {
      demand('import');
      for (const each of model.imports.outside) {
        if (model.roles.get(each.path)?.some((role) => role === 'production' || role === 'generated')) yield each;
      }
    },
    visible: model.visible,
    declared: model.declared,
    evaluate: model.evaluate,
    defaultOf: model.defaultOf,
    reachedFrom: () => ({ value: undefined, confidence: 'possible', via: [] }),
    place: model.place,
    symbol: model.symbol,
  };
}
