import type { Fact, FactKind, FileFacts, NameFact, Path, Sym, Value } from '../../model/facts.ts';
import type { NodeId, Relation } from '../../model/system.ts';
import type { DeployableInfo, Inventory, ModuleInfo } from '../discover/inventory.ts';
import type { Links, NamesOf } from '../language.ts';
import type { Graph } from './graph.ts';
import type { Surface } from './surface.ts';

export interface ModuleContext {
  readonly graph: Graph;
  readonly files: ReadonlyMap<Path, FileFacts>;
  readonly inventory: Inventory;
  /** Files below each module's folder, code or not. */
  readonly filesOf: ReadonlyMap<Path, readonly Path[]>;
  readonly surfaces: ReadonlyMap<string, Surface>;
  readonly namesOf: NamesOf;
  facts<K extends FactKind>(kind: K): readonly { readonly fact: Fact<K>; readonly path: Path }[];
  linksOf(path: Path): Links | undefined;
  moduleOf(path: Path): ModuleInfo | undefined;
  deployableOf(path: Path): DeployableInfo | undefined;
}

/** What modules and deployables say about each other in code: contracts required, modules hosted, schemas owned. */
export function moduleRelations(context: ModuleContext, imports: readonly Relation[]): void {
  const { graph, facts, inventory, filesOf, surfaces, moduleOf, deployableOf } = context;
  for (const edge of inventory.deployables.length > 0 ? imports : []) {
    const [from, to] = [edge.from.slice('file:'.length), edge.to.slice('file:'.length)];
    const deployable = deployableOf(from);
    const module = moduleOf(to);
    // A deployable's composition root hosts a module when it takes in more than the contract that others see as well.
    if (!deployable || !module || edge.typeOnly || moduleOf(from)) continue;
    if (!surfaces.get(module.name)!.forModules(to)) {
      graph.relate('hosts', `deployable:${deployable.name}`, `module:${module.name}`, edge.via);
    }
  }
  for (const { fact, path } of facts('module-declaration')) {
    const module = moduleOf(path);
    if (!module) continue;
    for (const target of fact.requires.flatMap((sym) => modulesNamed(context, path, sym))) {
      if (target !== module.name) {
        graph.relate('depends-on', `module:${module.name}`, `module:${target}`, [{ path, span: fact.span }]);
      }
    }
  }
  if (!inventory.declared) return;
  for (const module of inventory.modules) {
    const under = `${module.path}/migrations/`;
    const first = filesOf.get(module.path)?.find((path) => path.startsWith(under) && path.endsWith('.sql'));
    if (!first) continue;
    // Every module has its own schema, named like it: nothing else can reach it without naming that schema.
    const schema = module.name.replaceAll('-', '_');
    graph.relate('accesses', `module:${module.name}`, graph.add('datastore', schema, ['schema']), [
      { path: first, span: [0, 0] },
    ]);
  }
}

/** The modules whose contracts a name stands for: one contract, or an object of them, wherever it is declared. */
function modulesNamed(context: ModuleContext, path: Path, sym: Sym, depth = 0): string[] {
  const origin = depth > 8 ? undefined : context.linksOf(path)?.origin?.(path, sym);
  if (!origin || !('path' in origin)) return [];
  const value = bindingValue(context.namesOf(origin.path), origin.sym);
  if (value?.k === 'obj') {
    return Object.values(value.of).flatMap((each) =>
      each.k === 'ref' ? modulesNamed(context, origin.path, each.sym, depth + 1) : [],
    );
  }
  const module = context.moduleOf(origin.path);
  return module ? [module.name] : [];
}
function bindingValue(names: readonly NameFact[], { path: [name] }: Sym): Value | undefined {
  for (const fact of names) if (fact.kind === 'binding' && fact.name.path[0] === name) return fact.value;
  return undefined;
}

/** The node that a file's facts are about: its module, else its deployable. */
export const actorOf = ({ moduleOf, deployableOf }: ModuleContext, path: Path): NodeId | undefined => {
  const module = moduleOf(path);
  if (module) return `module:${module.name}`;
  const deployable = deployableOf(path);
  return deployable && `deployable:${deployable.name}`;
};
