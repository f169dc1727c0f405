import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ResolverFactory } from 'oxc-resolver';

/** What dependency-cruiser hands to enhanced-resolve, as far as it decides where an import leads. */
export interface ResolveOptions {
  readonly extensions: readonly string[];
  readonly modules: readonly string[];
  readonly symlinks: boolean;
  readonly tsConfig?: string | null;
  readonly bustTheCache?: boolean;
  readonly mainFields?: readonly string[];
  readonly mainFiles?: readonly string[];
  readonly conditionNames?: readonly string[];
  readonly exportsFields?: readonly string[];
  readonly aliasFields?: readonly string[];
}
type Names = (
  spec: string,
  extensions: readonly string[],
) => { readonly from: string; readonly path: string } | undefined;

interface Resolver {
  readonly factory: ResolverFactory;
  readonly options: ResolveOptions;
  /** What was asked before: files of one folder import the same things, and most of what is not there is asked twice. */
  readonly known: Map<string, string | undefined>;
}
const resolvers = new Map<string, Resolver>();
/** The defaults are those of enhanced-resolve, which differ from oxc-resolver's. */
const factoryOf = (options: ResolveOptions): ResolverFactory =>
  new ResolverFactory({
    extensions: [...options.extensions],
    modules: [...options.modules],
    symlinks: options.symlinks,
    mainFields: [...(options.mainFields ?? ['main'])],
    mainFiles: [...(options.mainFiles ?? ['index'])],
    conditionNames: [...(options.conditionNames ?? [])],
    exportsFields: [...(options.exportsFields ?? ['exports'])],
    aliasFields: [...(options.aliasFields ?? [])],
    importsFields: ['imports'],
    nodePath: false,
  });

/**
 * Stands in for dependency-cruiser's `resolve`: the file that a specifier means, seen from a folder; throws where there is
 * none. As there, the options of the first call in a context hold until the caches are cleared.
 */
export const resolveFile =
  (names: Names) =>
  (spec: string, folder: string, options: ResolveOptions, context = 'cruise'): string => {
    let resolver = resolvers.get(context);
    if (!resolver || options.bustTheCache) {
      resolver = { factory: factoryOf(options), options, known: new Map() };
      resolvers.set(context, resolver);
    }
    const key = `${folder}\0${spec}`;
    if (!resolver.known.has(key)) resolver.known.set(key, find(resolver, names, folder, spec));
    const found = resolver.known.get(key);
    if (found === undefined) throw new Error(`${spec} leads to no file`);
    return found;
  };
function find({ factory, options }: Resolver, names: Names, folder: string, spec: string): string | undefined {
  const named = options.tsConfig && !spec.startsWith('.') ? names(spec, options.extensions) : undefined;
  const found = (named && factory.sync(named.from, named.path).path) ?? factory.sync(folder, spec).path;
  return found?.replace(/\?.+$/, '');
}
export const clearResolvers = (): void => resolvers.clear();

interface TsConfigPaths {
  loadConfig(path: string): {
    readonly resultType: 'success' | 'failed';
    readonly absoluteBaseUrl: string;
    readonly baseUrl?: string;
    readonly paths: Record<string, string[]>;
  };
  createMatchPath(
    base: string,
    paths: Record<string, string[]>,
  ): (spec: string, readJson: unknown, exists: unknown, extensions: readonly string[]) => string | undefined;
}
let loaded: ReturnType<TsConfigPaths['loadConfig']> | undefined;

/** The library by which dependency-cruiser's own resolver reads names of paths. */
function tsConfigPaths(): TsConfigPaths {
  const cruiser = createRequire(import.meta.resolve('dependency-cruiser'));
  return createRequire(cruiser.resolve('tsconfig-paths-webpack-plugin'))('tsconfig-paths') as TsConfigPaths;
}

/** Reads a compiler configuration; returns its options that give names to paths, `baseUrl` absolute. */
export function useTsConfig(file: string): { readonly baseUrl?: string; readonly paths?: Record<string, string[]> } {
  loaded = tsConfigPaths().loadConfig(file);
  if (loaded.resultType === 'failed') return {};
  return { ...(loaded.baseUrl !== undefined && { baseUrl: loaded.absoluteBaseUrl }), paths: loaded.paths };
}

/** Applies the names of the configuration in use, as `tsconfig-paths-webpack-plugin` does. */
export function pathMatcher(): Names {
  let match: ReturnType<TsConfigPaths['createMatchPath']> | undefined;
  const isFile = memo((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
  const json = memo((path) => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as unknown;
    } catch {
      return undefined;
    }
  });
  return (spec, extensions) => {
    if (loaded?.resultType !== 'success') return undefined;
    match ??= tsConfigPaths().createMatchPath(loaded.absoluteBaseUrl, loaded.paths);
    const path = match(spec, json, isFile, extensions);
    return path === undefined ? undefined : { from: loaded.absoluteBaseUrl, path };
  };
}
function memo<T>(compute: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    if (!known.has(path)) known.set(path, compute(path));
    return known.get(path)!;
  };
}
