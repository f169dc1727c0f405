import type { Loaded } from '../../blueprint/load.ts';
import type { Fact, FactKind, FileFacts, Gap, Path, Sym, Value } from '../../model/facts.ts';
import type { Known, NodeId, NodeKind, Relation, RelationKind, SystemNode } from '../../model/system.ts';
import type { Workspace } from '../../model/workspace.ts';
import { discover, type Inventory } from '../discover/inventory.ts';
import { filesBelow, folderIn, ownerIn, placeIn } from '../discover/owner.ts';
import { aside, type FileRole, fileRoles, pathRoles, withImported, withTestHelpers } from '../discover/roles.ts';
import type { Links, NamesOf } from '../language.ts';
import { callersOf } from '../link/callers.ts';
import { clientDefaults } from '../link/clients.ts';
import { importersOf } from '../link/importers.ts';
import { clientsIn, promote } from '../link/promote.ts';
import { type Evaluator, evaluator } from '../link/values.ts';
import type { Memory } from '../memory.ts';
import type { Extractors, Reading } from '../read-files.ts';
import { readManifests } from '../typescript/manifests.ts';
import { type Boundaries, readBoundaries } from './boundaries.ts';
import { deploymentRelations } from './deployment.ts';
import { type Graph, newGraph } from './graph.ts';
import { type ImportCoverage, importEdges } from './imports.ts';
import { moduleRelations } from './modules.ts';
import { settingsOf } from './settings.ts';
import { surfaceOf } from './surface.ts';
import { topicReader } from './topics.ts';

/** Everything that is known about a system: what rules see, before each rule's view narrows it to what it declared. */
export interface SystemModel {
  readonly inventory: Inventory;
  readonly files: ReadonlyMap<Path, FileFacts>;
  readonly roles: ReadonlyMap<Path, readonly FileRole[]>;
  readonly nodes: Readonly<Record<NodeKind, readonly SystemNode[]>>;
  readonly relations: Readonly<Record<RelationKind, readonly Relation[]>>;
  readonly gaps: readonly Gap[];
  readonly imports: Pick<ImportCoverage, 'seen' | 'resolved' | 'outside'>;
  readonly boundaries: Boundaries;
  facts<K extends FactKind>(kind: K): readonly { readonly fact: Fact<K>; readonly path: Path }[];
  node(id: NodeId): SystemNode | undefined;
  owner(path: Path, kind: 'module' | 'deployable'): SystemNode | undefined;
  visible(to: Path, from: NodeId): boolean;
  declared(from: NodeId, to: NodeId): boolean;
  evaluate: Evaluator['evaluate'];
  defaultOf(client: Sym, path: Path): Known<Value | 'absent'>;
  place(path: Path): string;
  symbol(path: Path, fn: number): string;
  /** Whether the workspace has such a file, claimed by a language or not. */
  hasFile(path: Path): boolean;
}

/** Links every file and builds the graph. Of the workspace it reads manifests and compiler configuration only. */
export function buildSystem(
  workspace: Workspace,
  reading: Reading,
  loaded: Loaded | undefined,
  extractors: Extractors,
  memory?: Memory,
): SystemModel {
  const { namesOf } = reading;
  const { files, linksOf, put } = linker(workspace, reading, memory);
  const graph = newGraph();
  const imports = importEdges(graph, files, linksOf);
  const edges = graph.relations().imports;
  const roles = rolesOf(workspace, files, loaded, edges);
  for (const path of files.keys()) {
    // Read as what its folder is called, without what its code does.
    if (!roles.get(path)!.includes('production') || !pathRoles(path).some((role) => aside.has(role))) continue;
    const whole = reading.whole(path);
    if (whole) put(whole);
  }
  const isProduction = (path: Path) =>
    roles.get(path)?.some((role) => role === 'production' || role === 'generated') ?? false;
  const later: Gap[] = [];
  /** Files that were only outlined are read whole where they may call what one of these declares. */
  const deepen = (targets: Iterable<Path>) => {
    for (const path of importersOf(targets, namesOf, edges)) {
      const whole = files.get(path)?.outline && reading.whole(path);
      if (!whole) continue;
      put(whole);
      later.push(...whole.gaps);
    }
  };
  const clients = clientsIn(files, namesOf, Object.values(extractors.recognisers).flat());
  deepen([...clients.values()].map(({ path }) => path));
  const recognisersOf = (path: Path) => extractors.recognisers[reading.languages.get(path)?.id ?? ''] ?? [];
  for (const promoted of [...promote(files, clients, linksOf, recognisersOf)]) put(promoted);
  deepen([...files.values()].filter(({ facts }) => facts.some(opensParameter)).map(({ path }) => path));
  const inventory = discover(workspace, files, roles, loaded);
  const [moduleOf, deployableOf] = [ownerIn(inventory.modules), ownerIn(inventory.deployables)];
  const facts = factIndex(files, namesOf);
  const settings = settingsOf(facts('env-set'), inventory);
  const evaluate = evaluator(namesOf, linksOf, (path, name) => {
    const found = settings(deployableOf(path)).get(name);
    return found ? [found] : [];
  });
  const manifestLinks = linksOf('package.json');
  const filesOf = filesBelow(
    workspace.files.keys(),
    inventory.modules.map(({ path }) => path),
  );
  const surfaces = new Map(
    inventory.modules.map((module) => [
      module.name,
      surfaceOf(module, filesOf.get(module.path)!, workspace, manifestLinks),
    ]),
  );

  addNodes(graph, inventory, files, roles, facts('pipeline'));
  const { outside } = imports;
  const boundaries = readBoundaries(loaded, {
    inventory,
    files: files.keys(),
    isProduction,
    outside,
    moduleOf,
    deployableOf,
  });
  for (const path of files.keys())
    for (const { stack, name } of boundaries.layersOf(path)) graph.add('layer', `${stack} ${name}`, ['production']);
  for (const { verb, about, to } of boundaries.all)
    graph.add(verb === 'forbidReach' ? 'reach' : 'boundary', `${about} ${verb} ${to.text}`, ['production']);
  const context = { graph, files, inventory, filesOf, surfaces, namesOf, facts, linksOf, moduleOf, deployableOf };
  moduleRelations(context, edges);
  const topic = topicReader(files, namesOf, linksOf, evaluate);
  deploymentRelations(
    { ...context, evaluator: evaluate, callers: callersOf(files, linksOf), isProduction, settings, topic },
    edges,
  );

  const nodes = graph.nodes();
  const byId = new Map<NodeId, SystemNode>();
  for (const kind of Object.values(nodes)) for (const node of kind) byId.set(node.id, node);
  const nodeOf = new Map<object, SystemNode | undefined>([
    ...inventory.modules.map((info) => [info, byId.get(`module:${info.name}`)] as const),
    ...inventory.deployables.map((info) => [info, byId.get(`deployable:${info.name}`)] as const),
  ]);
  return {
    inventory,
    files,
    roles,
    nodes,
    relations: graph.relations(),
    gaps: [...reading.gaps, ...later, ...imports.gaps],
    imports,
    boundaries,
    facts,
    node: (id) => byId.get(id),
    owner(path, kind) {
      const info = kind === 'module' ? moduleOf(path) : deployableOf(path);
      return info && nodeOf.get(info);
    },
    visible(to, from) {
      const surface = surfaces.get(moduleOf(to)?.name ?? '');
      if (!surface) return true;
      return from.startsWith('module:') ? surface.forModules(to) : surface.forDeployables(to);
    },
    declared: declarations(inventory, workspace),
    evaluate: evaluate.evaluate,
    defaultOf: clientDefaults(namesOf, facts('client-default'), linksOf, (a, b) => {
      const [own, other] = [deployableOf(a), deployableOf(b)];
      return own === undefined || other === undefined || own.name === other.name;
    }),
    place: placeIn(inventory.modules, inventory.deployables),
    symbol: (path, fn) => symbolName(files.get(path), fn),
    hasFile: (path) => workspace.files.has(path),
  };
}

function rolesOf(
  workspace: Workspace,
  files: ReadonlyMap<Path, FileFacts>,
  loaded: Loaded | undefined,
  edges: readonly Relation[],
): ReadonlyMap<Path, readonly FileRole[]> {
  const modules = Object.values(loaded?.architecture.modules ?? {}).map(({ path }) => folderIn(path));
  const told = withTestHelpers(fileRoles(workspace, files, modules), pathsOf(edges));
  return withImported(told, pathsOf(edges.filter(({ typeOnly }) => !typeOnly)));
}

/** From which file to which, one after the other: most systems need none of them. */
function* pathsOf(edges: Iterable<Relation>): Iterable<readonly [from: Path, to: Path]> {
  for (const { from, to } of edges) yield [from.slice('file:'.length), to.slice('file:'.length)];
}

function addNodes(
  graph: Graph,
  inventory: Inventory,
  files: ReadonlyMap<Path, FileFacts>,
  roles: ReadonlyMap<Path, readonly FileRole[]>,
  pipelines: Iterable<{ readonly fact: Fact<'pipeline'>; readonly path: Path }>,
): void {
  for (const path of files.keys()) graph.add('file', path, roles.get(path) ?? []);
  for (const { name } of inventory.modules) graph.add('module', name, ['production']);
  for (const { name, path, kind, public: isPublic, processes } of inventory.deployables) {
    // A process that only prepares the data of others is told by its name: nobody else's data is its own.
    const job = [name, path, ...processes].every((word) =>
      /migrat|seed|flyway|liquibase|backup|init-db|db-init/i.test(word),
    );
    const roles = ['production', kind, ...(isPublic ? ['public'] : []), ...(job ? ['migration'] : [])];
    graph.add('deployable', name, roles, { processes });
  }
  for (const { fact, path } of pipelines) graph.add('pipeline', `${path}#${fact.job}`, ['production']);
}

/** What a function opens is handed in: its callers say what it is. */
const opensParameter = (fact: Fact): boolean => fact.kind === 'connection' && fact.url.k === 'param';

/**
 * Links of each language, by file. Files that no language claims (a manifest) are asked for in TypeScript's terms.
 * `put` replaces what is known of a file, here and for its links.
 */
function linker(workspace: Workspace, { files, languages, namesOf }: Reading, memory: Memory | undefined) {
  const all = new Map(files);
  const byLanguage = new Map<string, { readonly own: Map<Path, FileFacts>; readonly links: Links | undefined }>();
  const ofLanguage = new Map<string, Map<Path, FileFacts>>();
  for (const [path, facts] of files) {
    const { id } = languages.get(path)!;
    const own = ofLanguage.get(id);
    if (own) own.set(path, facts);
    else ofLanguage.set(id, new Map([[path, facts]]));
  }
  for (const language of new Set(languages.values())) {
    const own = ofLanguage.get(language.id) ?? new Map();
    const links = language.link?.(own, workspace, namesOf);
    byLanguage.set(language.id, { own, links: links && memory ? remembered(links, memory) : links });
  }
  const of = (path: Path) => byLanguage.get(languages.get(path)?.id ?? 'typescript');
  return {
    files: all as ReadonlyMap<Path, FileFacts>,
    linksOf: (path: Path): Links | undefined => of(path)?.links,
    put: (facts: FileFacts): void => {
      all.set(facts.path, facts);
      of(facts.path)?.own.set(facts.path, facts);
    },
  };
}

const remembered = (links: Links, memory: Memory): Links => ({
  ...links,
  resolve: (from, spec) => memory.target(from, spec, () => links.resolve(from, spec)),
});

/** Whether a dependency is declared: in `architecture.yaml`, or without one in the package's manifest. */
function declarations(inventory: Inventory, workspace: Workspace): SystemModel['declared'] {
  const modules = new Map(inventory.modules.map((module) => [module.name, module]));
  const hosts = new Map(inventory.deployables.map((deployable) => [deployable.name, deployable.hosts]));
  const manifests = readManifests(workspace);
  return (from, to) => {
    if (from === to) return true;
    const [source, target] = [from, to].map((id) => id.slice(id.indexOf(':') + 1)) as [string, string];
    if (from.startsWith('deployable:')) return !inventory.declared || (hosts.get(source)?.includes(target) ?? false);
    const module = modules.get(source);
    if (!inventory.declared) {
      const [own, other] = [module, modules.get(target)].map((info) => info && manifests.get(info.path));
      // Only packages can declare a dependency on each other.
      return own?.name === undefined || other?.name === undefined || own.dependencies.has(other.name);
    }
    if (to.startsWith('topic:')) {
      const publisher = target.slice(0, target.indexOf('.'));
      return publisher === source || !modules.has(publisher) || module?.consumes.includes(target) === true;
    }
    return (
      module?.uses.includes(target) === true ||
      module?.consumes.some((topic) => topic.startsWith(`${target}.`)) === true
    );
  };
}

/** By kind. Those that every file has many of are looked for when somebody asks, and nobody asks for names. */
function factIndex(files: ReadonlyMap<Path, FileFacts>, namesOf: NamesOf): SystemModel['facts'] {
  const named: ReadonlySet<FactKind> = new Set(['export', 'binding']);
  const common: ReadonlySet<FactKind> = new Set(['import', 'call', ...named]);
  const byKind = new Map<FactKind, { fact: Fact; path: Path }[]>();
  const add = (isWanted: (kind: FactKind) => boolean, names = false) => {
    for (const [path, { facts }] of files) {
      for (const fact of names ? namesOf(path) : facts) {
        if (!isWanted(fact.kind)) continue;
        const list = byKind.get(fact.kind);
        if (list) list.push({ fact, path });
        else byKind.set(fact.kind, [{ fact, path }]);
      }
    }
  };
  add((kind) => !common.has(kind));
  const find = (kind: FactKind) => {
    if (common.has(kind)) add((each) => each === kind, named.has(kind));
    return byKind.get(kind) ?? [];
  };
  return <K extends FactKind>(kind: K) =>
    (byKind.get(kind) ?? find(kind)) as unknown as { fact: Fact<K>; path: Path }[];
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
