import type { Loaded } from '../../blueprint/load.ts';
import type { Deployable } from '../../blueprint/schema.ts';
import type { Fact, FileFacts, Path } from '../../model/facts.ts';
import type { Evidence } from '../../model/system.ts';
import type { Workspace } from '../../model/workspace.ts';
import { engineOf } from '../system/stores.ts';
import { folderOf, type Manifest, readManifests } from '../typescript/manifests.ts';
import { folderIn } from './owner.ts';
import type { FileRole } from './roles.ts';

export interface ModuleInfo {
  readonly name: string;
  readonly path: Path;
  readonly uses: readonly string[];
  /** `<module>.<event>` */
  readonly consumes: readonly string[];
  /** Globs below `path` that other modules may import; undefined: the contract, or what the package exports. */
  readonly public: readonly string[] | undefined;
  readonly tags: readonly string[];
}
export interface DeployableInfo {
  readonly name: string;
  readonly kind: Deployable['kind'];
  readonly path: Path;
  readonly hosts: readonly string[];
  readonly public: boolean;
  /** Names of the running things (compose services) made from it: several processes may share one codebase. */
  readonly processes: readonly string[];
}
export interface Inventory {
  /** Whether `architecture.yaml` says what the modules and deployables are. */
  readonly declared: boolean;
  readonly modules: readonly ModuleInfo[];
  readonly deployables: readonly DeployableInfo[];
  readonly processes: readonly Process[];
}
export interface Process {
  readonly fact: Fact<'process'>;
  readonly path: Path;
}

/** What the system consists of: as declared, else as its deployment, workspaces and entry points show. */
export function discover(
  workspace: Workspace,
  files: ReadonlyMap<Path, FileFacts>,
  roles: ReadonlyMap<Path, readonly FileRole[]>,
  loaded: Loaded | undefined,
): Inventory {
  const processes = processesOf(files, roles);
  const { modules, deployables } = loaded?.architecture ?? {};
  if (modules || deployables) return declaredInventory(loaded!, files, processes);
  const found = inferDeployables(workspace, files, roles, processes);
  const separate = found.filter(({ path }) => path !== '');
  return {
    declared: false,
    deployables: found,
    modules: separate.map(({ name, path }) => ({ name, path, uses: [], consumes: [], public: undefined, tags: [] })),
    processes,
  };
}

function processesOf(
  files: ReadonlyMap<Path, FileFacts>,
  roles: ReadonlyMap<Path, readonly FileRole[]>,
): readonly Process[] {
  const found: Process[] = [];
  for (const [path, { facts }] of files) {
    const role = roles.get(path) ?? [];
    if (role.includes('test') || role.includes('fixture') || role.includes('vendored')) continue;
    for (const fact of facts) if (fact.kind === 'process') found.push({ fact, path });
  }
  // What the main file says of a service comes before what another one adds to it.
  return found.sort((a, b) => Number(isMain(b.path)) - Number(isMain(a.path)));
}

const isMain = (path: Path): boolean => /(?:^|\/)(?:docker-)?compose\.ya?ml$/.test(path);

function declaredInventory(
  { architecture }: Loaded,
  files: ReadonlyMap<Path, FileFacts>,
  processes: readonly Process[],
): Inventory {
  const declared = Object.entries(architecture.deployables ?? {}).map(([name, deployable]): DeployableInfo => {
    const path = folderIn(deployable.path ?? `deployables/${name}`);
    const own = processes.filter(({ fact }) => codebaseOf(fact) === path || fact.name === name);
    return {
      name,
      kind: deployable.kind,
      path,
      hosts: deployable.hosts ?? [],
      public: deployable.public ?? deployable.kind === 'gateway',
      processes: own.map(({ fact }) => fact.name),
    };
  });
  return {
    declared: true,
    processes,
    deployables: [...declared, ...undeclared(declared, files, processes)],
    modules: Object.entries(architecture.modules ?? {}).map(([name, module]) => ({
      name,
      path: folderIn(module.path),
      uses: module.uses ?? [],
      consumes: module.consumes ?? [],
      public: module.public,
      tags: module.tags ?? [],
    })),
  };
}

/** What deployment builds from this repository although nobody declared it: it runs all the same. */
function undeclared(
  declared: readonly DeployableInfo[],
  files: ReadonlyMap<Path, FileFacts>,
  processes: readonly Process[],
): readonly DeployableInfo[] {
  const known = new Set(declared.flatMap((deployable) => deployable.processes));
  const found = new Map<Path, DeployableInfo>();
  for (const { fact } of processes) {
    const path = codebaseOf(fact);
    if (!path || known.has(fact.name) || !hasSource(path, files)) continue;
    const others = found.get(path)?.processes ?? [];
    const name = found.get(path)?.name ?? fact.name;
    found.set(path, { name, kind: 'server', path, hosts: [], public: false, processes: [...others, fact.name] });
  }
  return [...found.values()];
}

/** The folder that a process is built from; a Dockerfile below a shared context tells it better than the context. */
export function codebaseOf({ build, dockerfile }: Fact<'process'>): Path | undefined {
  if (build === undefined) return undefined;
  const context = build === '.' ? '' : build;
  const folder = dockerfile === undefined ? context : folderOf(dockerfile);
  return folder.startsWith(context) && !/(?:^|\/)\.?docker(?:files?)?$/i.test(folder) ? folder : context;
}

function inferDeployables(
  workspace: Workspace,
  files: ReadonlyMap<Path, FileFacts>,
  roles: ReadonlyMap<Path, readonly FileRole[]>,
  processes: readonly Process[],
): readonly DeployableInfo[] {
  const found = new Map<Path, DeployableInfo>();
  const add = (path: Path, name: string, process?: string) => {
    const known = found.get(path);
    const names = process === undefined ? [] : [process];
    found.set(path, {
      ...(known ?? { name, kind: 'server', path, hosts: [], public: false }),
      processes: [...new Set([...(known?.processes ?? []), ...names])],
    });
  };
  for (const { fact } of processes) {
    const folder = codebaseOf(fact);
    if (folder !== undefined && !backingImage(fact, files) && hasSource(folder, workspace.files, roles))
      add(folder, fact.name, fact.name);
  }
  for (const path of workspace.files.keys()) {
    if (
      /(?:^|\/)Dockerfile$/.test(path) &&
      !engineOf(baseOf(path, files) ?? '') &&
      hasSource(folderOf(path), workspace.files, roles)
    ) {
      const folder = folderOf(path);
      if (folder !== '' || found.size === 0) add(folder, folder.split('/').at(-1) || rootName(workspace));
    }
  }
  const manifests = readManifests(workspace);
  const starts = startsOf(files, roles);
  for (const manifest of manifests.values()) {
    if (manifest.at === '' || found.has(manifest.at)) continue;
    // A workspace package that starts something (a listening server, a consumer) of its own.
    if (!starts.some((path) => path.startsWith(`${manifest.at}/`))) continue;
    add(manifest.at, nameOf(manifest));
  }
  for (const folder of buildFolders(workspace)) {
    if (!found.has(folder) && hasSource(folder, workspace.files, roles))
      add(folder, folder.split('/').at(-1) ?? folder);
  }
  if (found.size === 0 && hasSource('', workspace.files)) add('', rootName(workspace, manifests.get('')));
  for (const { fact } of processes) {
    const made =
      codebaseOf(fact) === undefined && fact.image !== undefined ? madeInto(fact.image, found.values()) : undefined;
    if (made) add(made.path, made.name, fact.name);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The deployable whose image this is: images are called after the folder that they are built from. */
function madeInto(image: string, deployables: Iterable<DeployableInfo>): DeployableInfo | undefined {
  const name = image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!;
  return [...deployables].find(({ path }) => path !== '' && path.split('/').at(-1) === name);
}

/** The image of a backing service that a process runs as it is or with files added (`FROM mongo`); undefined for any other. */
export function backingImage(
  { image, build, dockerfile }: Fact<'process'>,
  files: ReadonlyMap<Path, FileFacts>,
): string | undefined {
  const base = build === undefined ? image : baseOf(dockerfile, files);
  return base !== undefined && engineOf(base) ? base : undefined;
}
function baseOf(dockerfile: Path | undefined, files: ReadonlyMap<Path, FileFacts>): string | undefined {
  const facts = dockerfile === undefined ? undefined : files.get(dockerfile)?.facts;
  return facts?.find((fact) => fact.kind === 'image')?.base;
}

/** Whether a folder holds a program, in any language; one that holds only tests, tools or examples (by `roles`, if given) is no part of the system. */
function hasSource(
  folder: Path,
  files: ReadonlyMap<Path, unknown>,
  roles?: ReadonlyMap<Path, readonly FileRole[]>,
): boolean {
  const under = folder === '' ? '' : `${folder}/`;
  for (const path of files.keys()) {
    if (!path.startsWith(under) || !/\.(?:[cm]?[jt]sx?|py|java|kt|go|rb|php|cs)$/.test(path)) continue;
    if (!roles?.get(path)?.some((role) => aside.has(role))) return true;
  }
  return false;
}
const aside: ReadonlySet<FileRole> = new Set(['test', 'fixture', 'example', 'tool', 'docs', 'types']);

/** Production files that start something. */
function startsOf(files: ReadonlyMap<Path, FileFacts>, roles: ReadonlyMap<Path, readonly FileRole[]>): readonly Path[] {
  const isStart = (fact: Fact) => fact.kind === 'entry' && fact.on === 'start';
  return [...files].flatMap(([path, { facts }]) =>
    roles.get(path)?.includes('production') && facts.some(isStart) ? [path] : [],
  );
}

/** Maven and Gradle modules that build a program of their own. */
function* buildFolders(workspace: Workspace): Iterable<Path> {
  for (const path of workspace.files.keys()) {
    if (!/\/(?:pom\.xml|build\.gradle(?:\.kts)?)$/.test(path)) continue;
    const folder = folderOf(path);
    for (const file of workspace.files.keys()) {
      if (file.startsWith(`${folder}/src/main/`) && /Application\.(?:java|kt)$/.test(file)) {
        yield folder;
        break;
      }
    }
  }
}

const nameOf = ({ name, at }: Manifest): string => name?.split('/').at(-1) ?? at.split('/').at(-1) ?? at;
const rootName = (workspace: Workspace, manifest = readManifests(workspace).get('')): string =>
  manifest?.name?.split('/').at(-1) ?? 'system';

export const at = (path: Path, span: Evidence['span'], note?: string): Evidence =>
  note === undefined ? { path, span } : { path, span, note };
