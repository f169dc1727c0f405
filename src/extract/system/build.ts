import type { Loaded } from '../../blueprint/load.ts';
import type { Fact, FactKind, FileFacts, Gap, Path, Sym, Value } from '../../model/facts.ts';
import type { Known, NodeId, NodeKind, Relation, RelationKind, SystemNode } from '../../model/system.ts';
import type { Workspace } from '../../model/workspace.ts';
import { discover, type Inventory, ownerIn } from '../discover/inventory.ts';
import { type FileRole, fileRoles } from '../discover/roles.ts';
import type { Links } from '../language.ts';
import { type Evaluator, evaluator } from '../link/values.ts';
import type { Reading } from '../read-files.ts';
import { readManifests } from '../typescript/manifests.ts';
import { settingsOf } from './settings.ts';
import { surfaceOf } from './surface.ts';

export type NodesByKind = Readonly<Record<NodeKind, readonly SystemNode[]>>;
export type RelationsByKind = Readonly<Record<RelationKind, readonly Relation[]>>;

/** Everything that is known about a system: what rules see, before each rule's view narrows it to what it declared. */
export interface SystemModel {
  readonly inventory: Inventory;
  readonly files: ReadonlyMap<Path, FileFacts>;
  readonly roles: ReadonlyMap<Path, readonly FileRole[]>;
  readonly nodes: NodesByKind;
  readonly relations: RelationsByKind;
  readonly gaps: readonly Gap[];
  readonly evaluator: Evaluator;
  /** Imports that were seen, and those whose target is known (a file of the system, or external). */
  readonly imports: { readonly seen: number; readonly resolved: number };
  facts<K extends FactKind>(kind: K): readonly { readonly fact: Fact<K>; readonly path: Path }[];
  owner(path: Path, kind: 'module' | 'deployable'): SystemNode | undefined;
  visible(to: Path, from: NodeId): boolean;
  declared(from: NodeId, to: NodeId): boolean;
  defaultOf(client: Sym, path: Path): Known<Value | 'absent'>;
  symbol(path: Path, fn: number): string;
}

/** Links every file and builds the graph. Pure: `workspace` is only asked for manifests and compiler configuration. */
export function buildSystem(workspace: Workspace, reading: Reading, loaded: Loaded | undefined): SystemModel {
  const { files } = reading;
  const roles = fileRoles(workspace, files.keys());
  const inventory = discover(workspace, files, roles, loaded);
  const linksOf = linker(workspace, reading);
  const imports = importRelations(files, linksOf, roles);

  const moduleOf = ownerIn(inventory.modules);
  const deployableOf = ownerIn(inventory.deployables);
  const settings = settingsOf(files, inventory);
  const evaluate = evaluator(files, linksOf, (path, name) => settings(deployableOf(path), name));

  const nodes: Record<NodeKind, SystemNode[]> = {
    file: [...files.keys()].map((path) => ({ id: `file:${path}`, name: path, roles: roles.get(path) ?? [] })),
    module: inventory.modules.map(({ name }) => ({ id: `module:${name}`, name, roles: ['production'] })),
    deployable: inventory.deployables.map(({ name, kind, public: isPublic }) => ({
      id: `deployable:${name}`,
      name,
      roles: ['production', kind, ...(isPublic ? ['public'] : [])],
    })),
    datastore: [],
    resource: [],
    topic: [],
    pipeline: [],
    external: [],
  };
  const relations: Record<RelationKind, Relation[]> = {
    imports: [...imports.relations],
    contains: [],
    hosts: [],
    calls: [],
    publishes: [],
    consumes: [],
    accesses: [],
    'depends-on': [],
  };
  const byId = new Map(Object.values(nodes).flatMap((list) => list.map((node) => [node.id, node] as const)));
  const owner = (path: Path, kind: 'module' | 'deployable'): SystemNode | undefined => {
    const info = kind === 'module' ? moduleOf(path) : deployableOf(path);
    return info && byId.get(`${kind}:${info.name}`);
  };
  const surfaces = new Map(
    inventory.modules.map((module) => [module.name, surfaceOf(module, workspace, linksOf(`${module.path}/package.json.ts`))]),
  );
  const manifests = readManifests(workspace);
  return {
    inventory,
    files,
    roles,
    nodes,
    relations,
    gaps: [...reading.gaps, ...imports.gaps],
    evaluator: evaluate,
    imports: imports.counts,
    facts: factIndex(files),
    owner,
    visible(to, from) {
      const module = moduleOf(to);
      if (!module) return true;
      const surface = surfaces.get(module.name)!;
      return from.startsWith('module:') ? surface.forModules(to) : surface.forDeployables(to);
    },
    declared(from, to) {
      const [source, target] = [from.slice(from.indexOf(':') + 1), to.slice(to.indexOf(':') + 1)];
      if (from === to) return true;
      if (from.startsWith('deployable:') && inventory.declared) {
        return inventory.deployables.find(({ name }) => name === source)?.hosts.includes(target) ?? false;
      }
      const module = inventory.modules.find(({ name }) => name === source);
      if (inventory.declared) {
        return module !== undefined && (module.uses.includes(target) || module.consumes.some((topic) => topic.split('.')[0] === target));
      }
      const [own, other] = [module, inventory.modules.find(({ name }) => name === target)].map(
        (info) => info && manifests.get(info.path),
      );
      return other?.name !== undefined && own?.dependencies.has(other.name) === true;
    },
    defaultOf: () => ({ value: undefined, confidence: 'possible', via: [] }),
    symbol: (path, fn) => symbolName(files.get(path), fn),
  };
}

/** One set of links per language, asked by file. */
function linker(workspace: Workspace, { files, languages }: Reading): (path: Path) => Links | undefined {
  const byLanguage = new Map<string, Links | undefined>();
  const claim = new Map<string, string>();
  for (const [path, language] of languages) claim.set(path, language.id);
  for (const language of new Set(languages.values())) {
    const own = new Map([...files].filter(([path]) => claim.get(path) === language.id));
    byLanguage.set(language.id, language.link?.(own, workspace));
  }
  return (path) => {
    const id = claim.get(path);
    return id === undefined ? byLanguage.get('typescript') : byLanguage.get(id);
  };
}

function importRelations(
  files: ReadonlyMap<Path, FileFacts>,
  linksOf: (path: Path) => Links | undefined,
  roles: ReadonlyMap<Path, readonly FileRole[]>,
) {
  const edges = new Map<string, Relation>();
  const gaps: Gap[] = [];
  let seen = 0;
  let resolved = 0;
  for (const [path, { facts }] of files) {
    const links = linksOf(path);
    if (!links) continue;
    for (const fact of facts) {
      if (fact.kind !== 'import') continue;
      seen++;
      const target = links.resolve(path, fact.spec);
      if ('unresolved' in target) {
        if (!target.internal) resolved++;
        else if (!fact.typeOnly) {
          gaps.push({ path, why: 'unresolved', detail: `'${fact.spec}' leads to no file`, span: fact.span });
        } else resolved++;
        continue;
      }
      resolved++;
      if (!('to' in target) || target.to === path) continue;
      const key = `${path}>${target.to}`;
      const known = edges.get(key);
      const evidence = { path, span: fact.span };
      edges.set(key, {
        kind: 'imports',
        from: `file:${path}`,
        to: `file:${target.to}`,
        via: known ? [...known.via, evidence] : [evidence],
        confidence: 'certain',
        // An edge is only about types when every import that makes it is.
        typeOnly: (known?.typeOnly ?? true) && fact.typeOnly,
        async: (known?.async ?? true) && fact.form === 'dynamic',
      });
    }
  }
  void roles;
  return { relations: edges.values(), gaps, counts: { seen, resolved } };
}

function factIndex(files: ReadonlyMap<Path, FileFacts>): SystemModel['facts'] {
  const byKind = new Map<FactKind, { fact: Fact; path: Path }[]>();
  for (const [path, { facts }] of files) {
    for (const fact of facts) {
      const list = byKind.get(fact.kind);
      if (list) list.push({ fact, path });
      else byKind.set(fact.kind, [{ fact, path }]);
    }
  }
  return <K extends FactKind>(kind: K) => (byKind.get(kind) ?? []) as unknown as { fact: Fact<K>; path: Path }[];
}

/** `outer.inner` by names; functions without a name belong to the one around them. */
function symbolName(file: FileFacts | undefined, fn: number): string {
  const names: string[] = [];
  for (let at = fn; file && at >= 0; at = file.functions[at]!.parent) {
    const { name } = file.functions[at]!;
    if (name) names.unshift(name);
  }
  return names.length === 0 ? '<module>' : names.join('.');
}
