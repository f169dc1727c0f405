import type { ICruiseOptions } from 'dependency-cruiser';

/** Whether our extraction and resolution mean the same under an option's value, or `cruise()` has to run itself. */
export type Route = 'native' | 'cruise';
type Judge<K extends keyof ICruiseOptions> = Route | ((value: ICruiseOptions[K], all: ICruiseOptions) => Route);

const cruiseIf = (unlike: boolean): Route => (unlike ? 'cruise' : 'native');

/**
 * Every option of dependency-cruiser, so that one that a later version adds does not compile until it is judged. Most are
 * read by dependency-cruiser's own code in either case; what is judged by value changes how imports are found or resolved.
 */
export const routes: { readonly [K in keyof Required<ICruiseOptions>]: Judge<K> } = {
  // What is an import. Only its extraction by the compiler is rebuilt here: the others transpile first, or see AMD.
  tsPreCompilationDeps: (value, { parser }) => cruiseIf(value === 'specify' || (value !== true && parser !== 'tsc')),
  parser: (value, { tsPreCompilationDeps }) =>
    cruiseIf(value === 'acorn' || value === 'swc' || (value === undefined && tsPreCompilationDeps !== true)),
  moduleSystems: 'native',
  detectJSDocImports: 'native',
  detectImportsInAmbientModules: 'native',
  detectProcessBuiltinModuleCalls: 'native',
  exoticRequireStrings: 'native',
  extraExtensionsToScan: 'native',
  experimentalStats: (value) => cruiseIf(value === true),

  // Where an import leads.
  tsConfig: 'native',
  enhancedResolveOptions: (value) => cruiseIf(Object.keys(value ?? {}).some((name) => !resolved.has(name))),
  preserveSymlinks: 'native',
  externalModuleResolutionStrategy: (value) => cruiseIf(value !== undefined && value !== 'node_modules'),
  builtInModules: 'native',
  combinedDependencies: 'native',
  // Both are programs of the repository.
  webpackConfig: (value) => cruiseIf(value !== undefined),
  babelConfig: (value) => cruiseIf(value !== undefined),

  // What is done with the modules: dependency-cruiser's own code in either case.
  validate: 'native',
  ruleSet: 'native',
  rulesFile: 'native',
  doNotFollow: 'native',
  exclude: 'native',
  includeOnly: 'native',
  focus: 'native',
  reaches: 'native',
  highlight: 'native',
  ignoreKnown: 'native',
  knownViolations: 'native',
  collapse: 'native',
  maxDepth: 'native',
  forceDeriveDependents: 'native',
  skipAnalysisNotInRules: 'native',
  metrics: 'native',
  baseDir: (value) => cruiseIf(value !== undefined),
  // A question to git, which its command line alone asks.
  affected: (value) => cruiseIf(value !== undefined && value !== false),
  baseline: 'native',

  // How it is shown or kept; nothing of it is used here.
  outputType: 'native',
  outputTo: 'native',
  args: 'native',
  prefix: 'native',
  reporterOptions: 'native',
  progress: 'native',
  cache: 'native',
};
/** Options of the resolver that both resolvers know. */
const resolved = new Set([
  'exportsFields',
  'conditionNames',
  'extensions',
  'mainFields',
  'mainFiles',
  'aliasFields',
  'cachedInputFileSystem',
]);

/** The options because of which `cruise()` has to run itself; none: our graph is the same. Unknown options are among them. */
export function notNative(options: ICruiseOptions): readonly string[] {
  const known = Object.entries(routes).flatMap(([name, judge]) => {
    const value = options[name as keyof ICruiseOptions];
    return (typeof judge === 'function' ? judge(value as never, options) : judge) === 'cruise' ? [name] : [];
  });
  return [...known, ...Object.keys(options).filter((name) => !Object.hasOwn(routes, name))];
}

/** Options under which dependency-cruiser sees most of a repository that has no configuration of it. */
export function defaultOptions(has: (path: string) => boolean): ICruiseOptions {
  const fileName = ['tsconfig.json', 'tsconfig.base.json', 'jsconfig.json'].find(has);
  return {
    parser: 'tsc',
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs', 'tsd'],
    skipAnalysisNotInRules: true,
    doNotFollow: { path: 'node_modules' },
    ...(fileName && { tsConfig: { fileName } }),
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json'],
    },
  };
}
