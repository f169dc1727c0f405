import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { textOf } from '../workspace/text.ts';

/** The parts of a `package.json` that decide what an import means. */
export interface Manifest {
  /** Folder, '' for the root. */
  readonly at: Path;
  readonly name: string | undefined;
  readonly exports: unknown;
  readonly imports: Readonly<Record<string, unknown>>;
  /** Main entry candidates, in order of preference: source-like first. */
  readonly mains: readonly string[];
  /** Of every kind: names with their ranges. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** What `module-alias` makes of names. */
  readonly aliases: TsConfig['paths'];
}
export interface TsConfig {
  readonly at: Path;
  /** Folder that bare specifiers may start from. */
  readonly baseUrl: Path | undefined;
  /** Patterns with their candidates, already relative to the root. */
  readonly paths: readonly { readonly pattern: string; readonly to: readonly Path[] }[];
  readonly outDir: Path | undefined;
  readonly rootDir: Path | undefined;
}

export const join = (folder: Path, ...parts: readonly string[]): Path => {
  const out: string[] = [];
  for (const part of [folder, ...parts].join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else out.push(part);
  }
  return out.join('/');
};
export const folderOf = (path: Path): Path => path.slice(0, Math.max(0, path.lastIndexOf('/')));

type Json = Record<string, unknown>;
const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Every `package.json` by its folder. A broken one is skipped: the package manager says so louder. */
export function readManifests(workspace: Workspace): ReadonlyMap<Path, Manifest> {
  const found = new Map<Path, Manifest>();
  for (const path of workspace.files.keys()) {
    if (path !== 'package.json' && !path.endsWith('/package.json')) continue;
    const json = readJson(workspace, path);
    if (!json) continue;
    const names = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    found.set(folderOf(path), {
      at: folderOf(path),
      name: text(json.name),
      exports: json.exports,
      imports: record(json.imports),
      mains: [json.source, json.types, json.typings, json.module, json.main].flatMap((main) => text(main) ?? []),
      dependencies: new Map(
        names.flatMap((name) => Object.entries(record(json[name])).map(([key, range]) => [key, text(range) ?? ''])),
      ),
      aliases: Object.entries(record(json._moduleAliases)).flatMap(([name, to]) => {
        const target = join(folderOf(path), text(to) ?? '');
        return [
          { pattern: name, to: [target] },
          { pattern: `${name}/*`, to: [join(target, '*')] },
        ];
      }),
    });
  }
  return found;
}

/** More is no configuration. */
export const TOO_BIG = 2_000_000;

/** JSON with comments and trailing commas, as `tsconfig.json` allows; undefined when broken. */
export function readJson(workspace: Workspace, path: Path): Json | undefined {
  const bytes = workspace.read(path);
  if (!bytes) return undefined;
  if (bytes.length > TOO_BIG) return undefined;
  const source = textOf(bytes);
  try {
    return record(JSON.parse(source));
  } catch {
    try {
      return record(JSON.parse(withoutComments(source)));
    } catch {
      return undefined;
    }
  }
}
const withoutComments = (source: string): string =>
  source
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (match) => (match.startsWith('"') ? match : ''))
    .replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (match) => (match.startsWith('"') ? match : ''));

/** The compiler configuration that governs a folder: the nearest one, with what it extends and refers to. */
export function tsConfigReader(workspace: Workspace, manifests: ReadonlyMap<Path, Manifest>) {
  const byFolder = new Map<Path, TsConfig | undefined>();
  /** Each file is read once, however many others extend it; one that extends itself adds nothing. */
  const byFile = new Map<Path, TsConfig | undefined>();
  const packages = packagesIn(manifests);
  const locate = (at: Path, spec: string) => located(workspace, packages, at, spec);
  const nearest = (folder: Path): TsConfig | undefined => {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const own = ['tsconfig.json', 'jsconfig.json']
      .map((name) => join(folder, name))
      .find((path) => workspace.files.has(path));
    const config = own ? at(read(own, 0), folder) : folder === '' ? undefined : nearest(folderOf(folder));
    byFolder.set(folder, config);
    return config;
  };
  const read = (path: Path, depth: number): TsConfig | undefined => {
    if (byFile.has(path)) return byFile.get(path);
    if (depth > 8) return undefined;
    byFile.set(path, undefined);
    const config = readOnce(path, depth);
    byFile.set(path, config);
    return config;
  };
  const readOnce = (path: Path, depth: number): TsConfig | undefined => {
    const json = readJson(workspace, path);
    if (!json) return undefined;
    const at = folderOf(path);
    const parents = [json.extends].flat().flatMap((extended) => {
      const parent = text(extended) && locate(at, String(extended));
      return parent ? (read(parent, depth + 1) ?? []) : [];
    });
    const options = record(json.compilerOptions);
    const inherit = <K extends keyof TsConfig>(key: K): TsConfig[K] | undefined =>
      parents.findLast((parent) => parent[key] !== undefined)?.[key];
    const baseUrl = text(options.baseUrl) === undefined ? inherit('baseUrl') : below(at, String(options.baseUrl));
    const own = Object.entries(record(options.paths)).map(([pattern, to]) => ({
      pattern,
      to: [to].flat().flatMap((each) => (text(each) ? below(baseUrl ?? at, String(each)) : [])),
    }));
    const inherited = parents.findLast((parent) => parent.paths.length > 0)?.paths ?? [];
    const referred = Array.isArray(json.files) && json.files.length === 0 ? references(json, at, depth) : [];
    const placed = (key: 'outDir' | 'rootDir') =>
      text(options[key]) === undefined ? inherit(key) : below(at, String(options[key]));
    return {
      at,
      baseUrl,
      paths: distinct([...(own.length > 0 ? own : inherited), ...referred]),
      outDir: placed('outDir'),
      rootDir: placed('rootDir'),
    };
  };
  /** A solution file has no files of its own: its parts say what paths mean. */
  const references = (json: Json, at: Path, depth: number): TsConfig['paths'] =>
    [json.references].flat().flatMap((reference) => {
      const path = text(record(reference).path);
      const file = path && locate(at, path.startsWith('.') ? path : `./${path}`);
      return file ? (read(file, depth + 1)?.paths ?? []) : [];
    });
  return nearest;
}

/** Stands for the folder of the configuration that is used, in those that it extends. */
const OWN = '${configDir}';
const below = (folder: Path, path: string): Path => join(path.startsWith(OWN) ? '' : folder, path);
function at(config: TsConfig | undefined, folder: Path): TsConfig | undefined {
  if (!config) return undefined;
  const own = <T extends Path | undefined>(path: T) =>
    path?.startsWith(OWN) ? (join(folder, path.slice(OWN.length)) as T) : path;
  return {
    at: config.at,
    baseUrl: own(config.baseUrl),
    paths: config.paths.map(({ pattern, to }) => ({ pattern, to: to.map(own) })),
    outDir: own(config.outDir),
    rootDir: own(config.rootDir),
  };
}

/** The configuration that `extends` or a reference means, if it is part of the system. */
export function located(
  workspace: Workspace,
  packages: ReadonlyMap<string, Path>,
  at: Path,
  spec: string,
): Path | undefined {
  const [scope, name, ...rest] = spec.split('/');
  const inPackage = spec.startsWith('@') ? [`${scope}/${name}`, rest] : [scope, [name, ...rest]];
  const home = spec.startsWith('.') ? undefined : packages.get(String(inPackage[0]));
  if (!spec.startsWith('.') && home === undefined) return undefined;
  const base = home === undefined ? join(at, spec) : join(home, ...(inPackage[1] as string[]).filter(Boolean));
  return [base, `${base}.json`, join(base, 'tsconfig.json')].find(
    (path) => path.endsWith('.json') && workspace.files.has(path),
  );
}

/** Parts that refer to each other would repeat what they say without end. */
const distinct = (paths: TsConfig['paths']): TsConfig['paths'] => [
  ...new Map(paths.map((each) => [JSON.stringify(each), each])).values(),
];

export const packagesIn = (manifests: ReadonlyMap<Path, Manifest>): ReadonlyMap<string, Path> =>
  new Map([...manifests.values()].flatMap(({ name, at }) => (name ? [[name, at]] : [])));
