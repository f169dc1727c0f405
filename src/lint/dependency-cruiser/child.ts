import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  IConfiguration,
  ICruiseOptions,
  ICruiseResult,
  IResolveOptions,
  ITranspileOptions,
} from 'dependency-cruiser';
import { KnownError } from '../../model/known-error.ts';
import { componentGraph } from './compat/cycles.ts';
import { type ByCompiler, type Extracted, extractModules } from './compat/extract.ts';
import type { RawImport } from './compat/imports.ts';
import { clearResolvers, pathMatcher, resolveFile, useTsConfig } from './compat/resolve.ts';
import type { ConfigurationJob, Cruised, CruiseJob, ExtractJob, Installed, Job } from './run.ts';

/** The version whose internals the substitutions below stand in for; a test compares it with what is installed. */
export const CRUISER_VERSION = '18.7.2';

const main = import.meta.resolve('dependency-cruiser');
/** The address of one of its own source files. */
const internal = (path: string): string => new URL(`../${path}`, main).href;
const load = async <T>(path: string): Promise<T> => (await import(internal(path))) as T;

type Answer<T> = { readonly value: T } | { readonly known: string; readonly next: string };

/** What the child process does; a known error is an answer, so that the parent can say it as its own. */
export async function answer(
  job: Job,
  byCompiler: ByCompiler,
): Promise<Answer<Cruised | Record<string, RawImport[]> | IConfiguration>> {
  try {
    if (job.engine === 'extract') return { value: await extractOnly(job) };
    if (job.engine === 'configuration') return { value: await configured(job) };
    return { value: await cruised(job, byCompiler) };
  } catch (error) {
    if (error instanceof KnownError) return { known: error.message, next: error.next };
    throw error;
  }
}

async function extractOnly({ root, paths, options }: ExtractJob): Promise<Record<string, RawImport[]>> {
  bundledTypeScript();
  const { extract } = await load<{ extract: Extracted['extract'] }>('extract/tsc/extract.mjs');
  return Object.fromEntries(paths.map((path) => [path, extract({ baseDir: root, ...options }, path, {})]));
}

async function configured({ file }: ConfigurationJob): Promise<IConfiguration> {
  const { default: extractConfig } = await import('dependency-cruiser/config-utl/extract-depcruise-config');
  return extractConfig(`./${file}`);
}

async function cruised(job: CruiseJob, byCompiler: ByCompiler): Promise<Cruised> {
  const fileName = tsConfigOf(job.options);
  const fallbacks: string[] = [];
  if (job.engine === 'compat') await substitute(fallbacks, byCompiler, job.installed);
  else {
    bundledTypeScript();
    if (job.installed) await borrowing(job.installed);
  }
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise(
    [...job.paths],
    { ...withoutOutput(job.options), cache: false },
    await resolveOptions(job.options),
    await transpileOptions(job, fileName),
  );
  const { modules, summary } = output as ICruiseResult;
  return { modules: job.graph ? modules : [], violations: summary.violations, fallbacks };
}

/** How a result is shown or kept is no part of it; the answer is the result itself. */
const withoutOutput = ({ outputType: _, outputTo: __, progress: ___, ...options }: ICruiseOptions): ICruiseOptions =>
  options;

const tsConfigOf = ({ tsConfig }: ICruiseOptions): string | undefined => tsConfig?.fileName;

/** Configurations of bundlers are programs; whoever asks for one has been given the person's word. */
async function resolveOptions({ webpackConfig }: ICruiseOptions): Promise<Partial<IResolveOptions> | undefined> {
  if (!webpackConfig) return undefined;
  const { default: extract } = await import('dependency-cruiser/config-utl/extract-webpack-resolve-config');
  const { fileName = 'webpack.config.js', env, arguments: given } = webpackConfig;
  return (await extract(fileName, env as never, given as never)) as Partial<IResolveOptions>;
}

/** Of the compiler's options only those matter that give names to paths; reading them needs no compiler. */
async function transpileOptions(job: CruiseJob, fileName: string | undefined): Promise<ITranspileOptions | undefined> {
  const { babelConfig } = job.options;
  if (babelConfig) {
    const { default: extract } = await import('dependency-cruiser/config-utl/extract-babel-config');
    return { babelConfig: await extract(babelConfig.fileName ?? '.babelrc') };
  }
  if (fileName === undefined) return undefined;
  if (job.engine === 'compat') return { tsConfig: { options: useTsConfig(join(job.root, fileName)) } };
  const { default: extractTSConfig } = await import('dependency-cruiser/config-utl/extract-ts-config');
  return { tsConfig: extractTSConfig(fileName) };
}

const cruisersOwn = (parent: string | undefined): boolean => parent?.includes('/node_modules/') ?? false;
const compilerFile = (): string => {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve('ts-morph')).resolve('@ts-morph/common/dist/typescript.js');
};

/** Makes `typescript` and its manifest the given file, for dependency-cruiser and what it brings with it. */
export function bundledTypeScript(source?: string): void {
  const compiler = pathToFileURL(compilerFile()).href;
  const version = source === undefined ? createRequire(import.meta.url)(fileURLToPath(compiler)).version : STUB_VERSION;
  const manifest = 'bundled:typescript/package.json';
  registerHooks({
    resolve(specifier, context, next) {
      if (cruisersOwn(context.parentURL)) {
        if (specifier === 'typescript') return { url: compiler, format: 'commonjs', shortCircuit: true };
        if (specifier === 'typescript/package.json') return { url: manifest, format: 'json', shortCircuit: true };
      }
      return next(specifier, context);
    },
    load(url, context, next) {
      if (url === manifest)
        return { format: 'json', source: JSON.stringify({ name: 'typescript', version }), shortCircuit: true };
      if (url === compiler && source !== undefined) return { format: 'commonjs', source, shortCircuit: true };
      return next(url, context);
    },
  });
}
/** It only has to be one that dependency-cruiser accepts: in `compat` nothing of the compiler is called. */
const STUB_VERSION = '6.0.0';

/**
 * Puts modules of ours in the place of dependency-cruiser's, by the names that they export; they are looked up in what is
 * returned when dependency-cruiser is loaded. `unless`: an import that is left as it is.
 */
function replaced(
  names: Readonly<Record<string, readonly string[]>>,
  unless: (path: string, parent: string | undefined) => boolean = () => false,
): Record<string, Record<string, unknown>> {
  const registry = Symbol.for('scalable-backend/dependency-cruiser');
  const provided: Record<string, Record<string, unknown>> = {};
  (globalThis as Record<symbol, unknown>)[registry] = provided;
  const addresses = new Map(Object.keys(names).map((path) => [internal(path), path]));
  const hooks = {
    resolve(specifier: string, context: { parentURL?: string }, next: (s: string, c: unknown) => { url: string }) {
      const found = next(specifier, context);
      const path = addresses.get(found.url);
      if (path === undefined || unless(path, context.parentURL)) return found;
      return { url: `substitute:${path}`, format: 'module', shortCircuit: true };
    },
    load(url: string, context: unknown, next: (u: string, c: unknown) => unknown) {
      if (!url.startsWith('substitute:')) return next(url, context);
      const path = url.slice('substitute:'.length);
      const own = `globalThis[Symbol.for(${JSON.stringify(registry.description)})][${JSON.stringify(path)}]`;
      const source = names[path]!.map((name) =>
        name === 'default' ? `export default ${own}.default;` : `export const ${name} = ${own}.${name};`,
      ).join('\n');
      return { format: 'module', source, shortCircuit: true };
    },
  };
  registerHooks(hooks as never);
  return provided;
}

type Resolve = (...asked: never[]) => string;
const RESOLVE = 'extract/resolve/resolve.mjs';
/** Installed packages are links to those of another folder; where they lead counts as if they were here. */
const within = ({ from, to }: Installed, resolve: Resolve): Resolve => {
  const below = join(from, '/');
  return (...asked) => {
    const found = resolve(...asked);
    return found.startsWith(below) ? join(to, found.slice(below.length)) : found;
  };
};

/** dependency-cruiser as it is, but for where the packages of a folder are. */
async function borrowing(installed: Installed): Promise<void> {
  const provided = replaced({ [RESOLVE]: ['resolve', 'clearCache'] });
  const own = await load<{ resolve: Resolve; clearCache(): void }>(`${RESOLVE}?own`);
  provided[RESOLVE] = { ...own, resolve: within(installed, own.resolve) };
}

/**
 * Puts our extraction, resolution and component search in the place of dependency-cruiser's. Everything else stays its
 * own: options, types of dependencies, filters, analysis, rules. No compiler is loaded.
 */
export async function substitute(fallbacks: string[], byCompiler: ByCompiler, installed?: Installed): Promise<void> {
  bundledTypeScript(`module.exports = { version: ${JSON.stringify(STUB_VERSION)} };`);
  const cycles = internal('analyze/derive/circular.mjs');
  // Only the search for cycles asks our graph; everybody else keeps the original one.
  const provided = replaced(
    {
      'extract/index.mjs': ['default'],
      'extract/tsc/extract.mjs': ['shouldUse', 'extract', 'getStats'],
      [RESOLVE]: ['resolve', 'clearCache'],
      'graph-utl/indexed-module-graph.mjs': ['default'],
    },
    (path, parent) => path.startsWith('graph-utl/') && parent !== cycles,
  );
  const resolve = resolveFile(pathMatcher());
  provided[RESOLVE] = { resolve: installed ? within(installed, resolve) : resolve, clearCache: clearResolvers };
  const tsc = extractModules.compilerSubstitute(fallbacks, byCompiler);
  provided['extract/tsc/extract.mjs'] = { ...tsc };
  const { default: Graph } = await load<{ default: Parameters<typeof componentGraph>[0] }>(
    'graph-utl/indexed-module-graph.mjs',
  );
  provided['graph-utl/indexed-module-graph.mjs'] = { default: componentGraph(Graph) };
  const [gather, dependencies, caches] = await Promise.all([
    load<{ default: never }>('extract/gather-initial-sources.mjs'),
    load<{ default: never }>('extract/extract-dependencies.mjs'),
    load<{ default: never }>('extract/clear-caches.mjs'),
  ]);
  provided['extract/index.mjs'] = {
    default: extractModules.walk({
      gather: gather.default,
      dependenciesOf: dependencies.default,
      clearCaches: caches.default,
      prepare: tsc.prepare,
    }),
  };
}
