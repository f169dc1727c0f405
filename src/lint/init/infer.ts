import { readFragment } from '../../blueprint/load.ts';
import type { Deployable } from '../../blueprint/schema.ts';
import { read } from '../../extract/discover/fragments.ts';
import { isArchitecture } from '../../extract/discover/scope.ts';
import type { SystemModel } from '../../extract/system/build.ts';
import { type Manifest, readManifests } from '../../extract/typescript/manifests.ts';
import type { Path } from '../../model/facts.ts';
import type { Confidence } from '../../model/system.ts';
import type { Workspace } from '../../model/workspace.ts';
import { dependenciesOf, type Import } from './dependencies.ts';

/** Something that was inferred: why it is believed, and how sure that is. */
export interface Because {
  readonly why: string;
  readonly confidence: Confidence;
}
export interface InferredModule extends Because {
  readonly name: string;
  readonly path: Path;
  /** Globs below `path`; undefined: what its package exports, its contract or its index. */
  readonly public: readonly string[] | undefined;
  readonly uses: readonly string[];
}
export interface InferredDeployable extends Because {
  readonly name: string;
  readonly kind: Deployable['kind'];
  /** '' for the root. */
  readonly path: Path;
  readonly hosts: readonly string[];
}
export interface Inferred {
  readonly name: string;
  readonly deployables: readonly InferredDeployable[];
  readonly modules: readonly InferredModule[];
  /** Folders of other systems, which say of themselves what they are. */
  readonly others: readonly Path[];
  /** Why modules may know their framework here; undefined: they should not. */
  readonly framework: string | undefined;
  /** Who uses which datastore, resource or topic; for people alone. */
  readonly data: readonly string[];
  /** Dependencies that are there but close a ring, each with the ring that it closes. */
  readonly rings: readonly { readonly from: string; readonly to: string; readonly imports: number }[];
}

/** Folders whose children are features: bounded contexts by another name. */
const features = new Set([
  'modules',
  'features',
  'domains',
  'contexts',
  'bounded-contexts',
  'components',
  'packages',
  'libs',
]);
/** Folders that are technical layers, whatever a system calls them. */
const layers =
  /^(?:api|app|application|adapters?|config|controllers?|core|dal|data|data-access|db|database|daos?|domain|entities|handlers?|helpers?|http|infra|infrastructure|interfaces|jobs|lib|middlewares?|models?|repositories|repository|routes?|routers?|schemas?|services?|shared|use-?cases|utils?|validations?|validators?)$/i;

const nestWhy = 'it has a NestJS module';
const layerWhy = 'its name is that of a layer';
const spokenWhy = 'it has an architecture.yaml of its own';

type Candidate = Because & { readonly path: Path };

/** Reads the parts of a system off a repository that nobody described. */
export function infer(model: SystemModel, workspace: Workspace): Inferred {
  const manifests = readManifests(workspace);
  const { spoken, others } = describedIn(workspace);
  const files = [...model.files.keys()].filter(
    (path) =>
      isCode(path) && model.roles.get(path)?.includes('production') && !others.some((folder) => isIn(path, folder)),
  );
  const named = names();
  const deployables = model.inventory.deployables
    .filter(({ path }) => files.some((file) => isIn(file, path)))
    .map(({ path, name, kind, processes }) => ({
      name: named(name),
      kind,
      path,
      why: processes.length > 0 ? `deployment runs it (${processes.join(', ')})` : 'it starts a program of its own',
      confidence: processes.length > 0 ? ('certain' as const) : ('likely' as const),
    }));

  const roots = new Set(deployables.map(({ path }) => path));
  const candidates = [
    ...[...spoken.keys()].map((path): Candidate => ({ path, why: spokenWhy, confidence: 'certain' })),
    ...packagesOf(manifests, roots, files),
    ...[...roots, ...(roots.has('') ? [] : [''])].flatMap((root) => insidesOf(root, files, roots, manifests)),
  ];
  const byPath = new Map(candidates.map((one) => [one.path, one]));
  const separate = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const taken = names();
  const parts = separate.map((one) => ({ ...one, name: taken(calledApart(one.path, separate)) }));

  const imports = importsOf(model, parts);
  const { uses, rings } = dependenciesOf(
    parts.map(({ name }) => name),
    imports,
  );
  const modules = parts.map((part): InferredModule => {
    const surface = surfaceFor(part, imports, manifests, files);
    // What a module says that it uses, it may use: it can only say less than the root.
    const told = (spoken.get(part.path) ?? []).filter((name) => parts.some((other) => other.name === name));
    return { ...part, ...surface, uses: [...new Set([...(uses.get(part.name) ?? []), ...told])].sort() };
  });
  return {
    name: names()(lastOf(manifests.get('')?.name ?? '') || 'system'),
    deployables: deployables.map((one) => ({ ...one, hosts: hostsOf(one.path, parts, imports, model) })),
    modules,
    others,
    framework: frameworkOf(parts, model),
    data: dataOf(model),
    rings,
  };
}

/**
 * Folders with an `architecture.yaml` of their own: of a module, with what it says that it uses, or of another system, with
 * all that is below.
 */
function describedIn(workspace: Workspace): {
  readonly spoken: ReadonlyMap<Path, readonly string[]>;
  readonly others: readonly Path[];
} {
  const texts = [...workspace.files.keys()]
    .filter((path) => path.includes('/') && isArchitecture(path))
    .map((path) => ({ path, folder: path.slice(0, path.lastIndexOf('/')), text: read(workspace, path) }));
  const others = texts.filter(({ text }) => /^version\s*:/m.test(text)).map(({ folder }) => folder);
  const own = texts.filter(({ folder }) => !others.some((other) => isIn(folder, other)));
  const spoken = own.map(({ path, folder, text }) => [folder, readFragment(text, path).value.uses ?? []] as const);
  return { spoken: new Map(spoken), others: others.sort() };
}

/** The name of a folder; where another one is called the same, with the folder before it that tells them apart. */
function calledApart(path: Path, all: readonly Candidate[]): string {
  const name = lastOf(path);
  if (all.filter((one) => lastOf(one.path) === name).length === 1) return name;
  const before = path
    .split('/')
    .slice(0, -1)
    .findLast((folder) => !/^(?:src|app|apps|services|packages|libs|modules)$/.test(folder));
  return before === undefined ? name : `${before}-${name}`;
}

function* packagesOf(
  manifests: ReadonlyMap<Path, Manifest>,
  roots: ReadonlySet<Path>,
  files: readonly Path[],
): Iterable<Candidate> {
  for (const { at, name } of manifests.values()) {
    if (at === '' || roots.has(at) || !files.some((file) => isIn(file, at))) continue;
    yield { path: at, why: `it is the package ${name ?? lastOf(at)}`, confidence: 'certain' };
  }
}

/** Features below a root, else its layers; not those of another root or package inside it. */
function insidesOf(
  root: Path,
  files: readonly Path[],
  roots: ReadonlySet<Path>,
  manifests: ReadonlyMap<Path, Manifest>,
): Candidate[] {
  const own = files.filter((file) => {
    const inner = [...roots, ...manifests.keys()].filter((at) => isIn(file, at)).sort((a, b) => b.length - a.length)[0];
    return isIn(file, root) && (inner === undefined || inner === root || inner.length < root.length);
  });
  // The deepest place where code usually begins says most.
  const sources = ['src/app', 'src', 'app', ''].map((name) => (name === '' ? root : below(root, name)));
  return (
    firstOf(sources, (source) => featuresIn(source, own)) ??
    firstOf(sources.slice(1), (source) => layersIn(source, own)) ??
    []
  );
}

function firstOf<T>(all: readonly Path[], find: (path: Path) => readonly T[]): T[] | undefined {
  for (const path of all) {
    const found = find(path);
    if (found.length > 0) return [...found];
  }
  return undefined;
}

function featuresIn(source: Path, own: readonly Path[]): Candidate[] {
  const folders = childrenOf(source, own);
  const byParent = [...folders]
    .filter(([name]) => features.has(name))
    .flatMap(([name, inside]) =>
      [...childrenOf(below(source, name), inside).keys()].map((child) => below(source, `${name}/${child}`)),
    );
  if (byParent.length >= 2) {
    return byParent.map((path) => ({ path, why: 'it is a folder of its own among features', confidence: 'likely' }));
  }
  const nest = [...folders].filter(([name, inside]) =>
    inside.some((file) => new RegExp(`^${escaped(below(source, name))}/[\\w.-]+\\.module\\.ts$`).test(file)),
  );
  if (nest.length < 2) return [];
  return nest.map(([name]) => ({ path: below(source, name), why: nestWhy, confidence: 'likely' }));
}

function layersIn(source: Path, own: readonly Path[]): Candidate[] {
  const technical = [...childrenOf(source, own).keys()].filter((name) => layers.test(name));
  if (technical.length < 3) return [];
  return technical.map((name) => ({
    path: below(source, name),
    why: layerWhy,
    confidence: 'possible',
  }));
}

/** Folders directly below a folder, with the files that lie in each. */
function childrenOf(folder: Path, files: readonly Path[]): Map<string, Path[]> {
  const under = folder === '' ? '' : `${folder}/`;
  const children = new Map<string, Path[]>();
  for (const file of files) {
    if (!file.startsWith(under)) continue;
    const [name, ...rest] = file.slice(under.length).split('/');
    if (rest.length > 0) children.set(name!, [...(children.get(name!) ?? []), file]);
  }
  return children;
}

function importsOf(model: SystemModel, parts: readonly { readonly name: string; readonly path: Path }[]): Import[] {
  const byLength = [...parts].sort((a, b) => b.path.length - a.path.length);
  const partOf = (path: Path) => byLength.find((part) => isIn(path, part.path))?.name;
  return model.relations.imports.flatMap(({ from, to }): Import[] => {
    const [file, target] = [from.slice('file:'.length), to.slice('file:'.length)];
    if (!model.roles.get(file)?.some((role) => role === 'production' || role === 'generated')) return [];
    return [{ file, target, from: partOf(file), to: partOf(target) }];
  });
}

/** A module's public files: what others import today, as narrow as can be said in one line. */
function surfaceFor(
  { name, path, confidence, why }: Candidate & { readonly name: string },
  imports: readonly Import[],
  manifests: ReadonlyMap<Path, Manifest>,
  files: readonly Path[],
): Pick<InferredModule, 'public' | 'confidence' | 'why'> {
  const entered = imports
    .filter(({ from, to }) => to === name && from !== name)
    .map(({ target }) => target.slice(path.length + 1));
  if (entered.length === 0) return { public: undefined, confidence, why };
  const counts = [...Map.groupBy(entered, (file) => file)].map(([file, all]) => ({ file, count: all.length }));
  const main = counts.filter(({ file }) => /^(?:src\/)?(?:index|contract|public|api)\.[cm]?[jt]sx?$/.test(file));
  const through = main.reduce((sum, { count }) => sum + count, 0);
  if (through * 2 >= entered.length) {
    const rest = entered.length - through;
    return {
      public: manifests.has(path) ? undefined : main.map(({ file }) => file),
      confidence,
      why: rest === 0 ? why : `${why}; ${rest} imports go past its entry`,
    };
  }
  if (counts.length <= few) {
    return { public: counts.map(({ file }) => file).sort(), confidence, why };
  }
  const all = files.filter((file) => isIn(file, path)).length;
  return {
    public: ['**'],
    confidence,
    why: `${why}; others import ${counts.length} of its ${all} files, so all are public until somebody narrows it`,
  };
}
/** As many public files as one can read in a line. */
const few = 3;

function hostsOf(
  path: Path,
  parts: readonly { readonly name: string; readonly path: Path }[],
  imports: readonly Import[],
  model: SystemModel,
): string[] {
  const inside = parts.filter((part) => isIn(part.path, path) && owns(model, path, part.path)).map(({ name }) => name);
  const used = imports
    .filter(({ file, from, to }) => from === undefined && to !== undefined && owns(model, path, file))
    .map(({ to }) => to!);
  return [...new Set([...inside, ...used])].sort();
}
/** Whether the deployable at `root` is the nearest one around a path. */
const owns = ({ inventory }: SystemModel, root: Path, path: Path): boolean =>
  inventory.deployables.filter((one) => isIn(path, one.path)).sort((a, b) => b.path.length - a.path.length)[0]?.path ===
  root;

function frameworkOf(parts: readonly Candidate[], { imports }: SystemModel): string | undefined {
  const nest = imports.outside.filter(({ spec }) => spec.startsWith('@nestjs/')).map(({ path }) => path);
  const made = parts.filter((part) => nest.some((path) => isIn(path, part.path)));
  if (made.length * 2 > parts.length || parts.some(({ why }) => why === nestWhy))
    return 'modules are made with NestJS here';
  if (parts.length > 0 && parts.every(({ why }) => why === layerWhy))
    return 'layers know their framework; contexts need not';
  return undefined;
}

function dataOf({ nodes, relations }: SystemModel): string[] {
  const label = (id: string) => id.slice(id.indexOf(':') + 1);
  return [...nodes.datastore, ...nodes.topic].map(({ id, name }) => {
    const users = [...relations.accesses, ...relations.publishes, ...relations.consumes].filter(({ to }) => to === id);
    const who = [...new Set(users.map(({ from }) => label(from)))].sort();
    return `${id.slice(0, id.indexOf(':'))} ${name}${who.length > 0 ? `: ${who.join(', ')}` : ''}`;
  });
}

const isCode = (path: Path): boolean => /\.(?:[cm]?[jt]sx?|py|java)$/.test(path);
const isIn = (path: Path, folder: Path): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);
const below = (folder: Path, name: string): Path => (folder === '' ? name : `${folder}/${name}`);
const lastOf = (path: string): string => path.split('/').at(-1) ?? path;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Names as `architecture.yaml` wants them: lower-case words joined by hyphens, 30 characters, each once. */
function names(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const words = wanted
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '');
    const base = (words || 'part').slice(0, 26).replace(/-+$/, '');
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base}-${i}`;
    taken.add(name);
    return name;
  };
}
