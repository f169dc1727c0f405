import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { IDependency, IModule } from 'dependency-cruiser';
import { textOf } from '../../../extract/workspace/text.ts';
import type { Path } from '../../../model/facts.ts';
import { type FormOptions, importsOf, type RawImport } from './imports.ts';

/** dependency-cruiser's options after it normalised them, as far as extraction reads them. */
interface Options extends FormOptions {
  readonly baseDir: string;
  readonly moduleSystems: readonly string[];
  readonly maxDepth: number;
  readonly tsPreCompilationDeps?: boolean | string;
  readonly parser?: string;
  readonly exclude: { readonly dynamic?: boolean };
}
type Dependency = IDependency & { readonly matchesDoNotFollow?: boolean };
type Module = Pick<IModule, 'source' | 'dependencies'> & Partial<IModule>;
interface ResolveOptions {
  readonly fileSystem: { purge(): void };
}
export interface Extracted {
  extract(options: object, file: Path, transpile: object): RawImport[];
}
/** A process of its own, which loads the compiler. */
export type ByCompiler = (root: string, files: readonly Path[], options: object) => Record<Path, RawImport[]>;
interface Originals {
  gather(paths: readonly string[], options: Options): Path[];
  dependenciesOf(file: Path, options: Options, resolve: ResolveOptions, transpile: unknown): Dependency[];
  clearCaches(): void;
  prepare(files: readonly Path[], options: Options): void;
}

const compiled = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue']);
const shouldUse = ({ tsPreCompilationDeps, parser }: Options, file: Path): boolean =>
  Boolean(tsPreCompilationDeps || parser === 'tsc') && compiled.has(extname(file));

const formOptions = [
  'moduleSystems',
  'exoticRequireStrings',
  'detectJSDocImports',
  'detectProcessBuiltinModuleCalls',
  'detectImportsInAmbientModules',
] as const satisfies readonly (keyof Options)[];

/** In the place of dependency-cruiser's extraction by the compiler. What our parser does not understand goes to that. */
function compilerSubstitute(fallbacks: Path[], extractByCompiler: ByCompiler) {
  const ready = new Map<Path, readonly RawImport[]>();
  const read = (file: Path, options: Options) =>
    importsOf(file, textOf(readFileSync(join(options.baseDir, file))), options);
  const byCompiler = (files: readonly Path[], options: Options) => {
    fallbacks.push(...files);
    const forms = Object.fromEntries(formOptions.map((name) => [name, options[name]]));
    for (const [file, found] of Object.entries(extractByCompiler(options.baseDir, files, forms)))
      ready.set(file, found);
  };
  return {
    shouldUse,
    /** Reads all files that are known from the start, so that one process of the compiler serves those that need it. */
    prepare(files: readonly Path[], options: Options): void {
      ready.clear();
      const missing: Path[] = [];
      for (const file of files) {
        if (!shouldUse(options, file)) continue;
        const found = read(file, options);
        if (found) ready.set(file, found);
        else missing.push(file);
      }
      byCompiler(missing, options);
    },
    extract(options: Options, file: Path): readonly RawImport[] {
      if (!ready.has(file)) {
        const found = read(file, options);
        if (found) ready.set(file, found);
        else byCompiler([file], options);
      }
      return ready.get(file)!.filter(({ moduleSystem }) => options.moduleSystems.includes(moduleSystem));
    },
    getStats(): never {
      throw new Error('statistics are left to dependency-cruiser itself');
    },
  };
}

/**
 * In the place of dependency-cruiser's walk over modules, in the same order: it copies its list for every module and
 * recurses along imports, this does neither.
 */
const walk =
  ({ gather, dependenciesOf, clearCaches, prepare }: Originals) =>
  (paths: readonly string[], options: Options, resolve: ResolveOptions, transpile: unknown): Module[] => {
    clearCaches();
    const visited = new Set<Path>();
    const modules: Module[] = [];
    const open: { readonly dependencies: readonly Dependency[]; next: number }[] = [];
    const visit = (source: Path) => {
      visited.add(source);
      const deep = options.maxDepth > 0 && open.length >= options.maxDepth;
      const dependencies = deep ? [] : dependenciesOf(source, options, resolve, transpile);
      modules.push({ source, dependencies });
      open.push({ dependencies, next: 0 });
    };
    const sources = gather(paths, options);
    prepare(sources, options);
    for (const source of sources) {
      if (!visited.has(source)) visit(source);
      for (let top = open.at(-1); top; top = open.at(-1)) {
        const dependency = top.dependencies[top.next++];
        if (!dependency) open.pop();
        else if (dependency.followable && !dependency.matchesDoNotFollow && !visited.has(dependency.resolved))
          visit(dependency.resolved);
      }
    }
    resolve.fileSystem.purge();
    clearCaches();
    return withLeaves(modules).map((module) => ({
      ...module,
      dependencies: module.dependencies.filter(
        ({ dynamic }) => !Object.hasOwn(options.exclude, 'dynamic') || options.exclude.dynamic !== dynamic,
      ),
    }));
  };

/** Modules that are not read, behind the first module that imports them; one that it imports twice is there twice. */
function withLeaves(modules: readonly Module[]): Module[] {
  const all: Module[] = [];
  const known = new Set<Path>();
  for (const module of modules) {
    const leaves = (module.dependencies as Dependency[]).filter(
      ({ followable, resolved }) => !followable && !known.has(resolved),
    );
    all.push(module);
    known.add(module.source);
    for (const leaf of leaves) {
      known.add(leaf.resolved);
      all.push({
        source: leaf.resolved,
        followable: leaf.followable,
        coreModule: leaf.coreModule,
        couldNotResolve: leaf.couldNotResolve,
        matchesDoNotFollow: leaf.matchesDoNotFollow,
        dependencyTypes: leaf.dependencyTypes,
        dependencies: [],
      } as Module);
    }
  }
  return all;
}

export const extractModules = { compilerSubstitute, walk };
