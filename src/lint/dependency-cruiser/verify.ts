import type { ICruiseOptions, IModule } from 'dependency-cruiser';
import type { Links } from '../../extract/language.ts';
import type { Fact, FileFacts, Path } from '../../model/facts.ts';
import type { PlugAndPlay } from './plug-and-play.ts';
import { type Reason, reasonOf, type Seen } from './reasons.ts';
import { runCruise } from './run.ts';

/** Where two graphs lead one import. */
export interface Difference {
  readonly from: Path;
  readonly spec: string;
  readonly ours: Path | undefined;
  readonly theirs: Path | undefined;
}
export interface Explained extends Difference {
  /** Undefined: nothing explains it, which is a defect of ours. */
  readonly reason: Reason | undefined;
}
export interface Verified {
  readonly files: number;
  /** Imports that lead from file to file in dependency-cruiser's graph. */
  readonly edges: number;
  /** `compat` against `cruise()` under the same options: must be empty. */
  readonly differences: readonly Difference[];
  /** `native` against `compat`. */
  readonly explained: readonly Explained[];
  /** Of the rules in the options, on its own graph; whether those on ours are equal in everything. */
  readonly violations: { readonly count: number; readonly equal: boolean };
  /** Files whose imports the compiler had to find. */
  readonly fallbacks: readonly Path[];
}
export interface ToVerify {
  readonly root: string;
  /** Where packages are known by another program, our graph is none that dependency-cruiser runs on: there is no `compat`. */
  readonly packages?: PlugAndPlay;
  /** Files to compare. */
  readonly paths: readonly Path[];
  readonly options: ICruiseOptions;
  readonly files: ReadonlyMap<Path, FileFacts>;
  readonly links: Links;
  readonly exists: (path: Path) => boolean;
}

/** Runs dependency-cruiser twice, on our graph and on its own, and compares those two and our default graph with them. */
export function verifyEngine({ root, packages, paths, options, files, links, exists }: ToVerify): Verified {
  const job = { root, paths, graph: true, options, ...packages };
  const cruise = runCruise({ ...job, engine: 'cruise' });
  const compat = packages ? cruise : runCruise({ ...job, engine: 'compat' });
  return {
    files: paths.length,
    edges: new Set(importsOf(cruise.modules).flatMap(({ from, to }) => (to === undefined ? [] : [`${from}\0${to}`])))
      .size,
    differences: compareGraphs(compat.modules, cruise.modules),
    explained: explain({ files, links, options, exists }, compat.modules),
    violations: {
      count: cruise.violations.length,
      equal: JSON.stringify(compat.violations) === JSON.stringify(cruise.violations),
    },
    fallbacks: compat.fallbacks,
  };
}

interface CruisedImport {
  readonly from: Path;
  readonly spec: string;
  readonly to: Path | undefined;
  readonly all: string;
}
const importsOf = (modules: readonly IModule[]): CruisedImport[] =>
  modules.flatMap(({ source, dependencies }) =>
    dependencies.map((dependency) => ({
      from: source,
      spec: dependency.module,
      to: fileOf(dependency),
      all: JSON.stringify(dependency),
    })),
  );
type Dependency = IModule['dependencies'][number];
const fileOf = ({ resolved, couldNotResolve, coreModule }: Dependency): Path | undefined =>
  couldNotResolve || coreModule || resolved.includes('node_modules/') ? undefined : resolved;

/** Imports that one graph has and the other has not, or has with any other property (type, system, where it leads). */
export function compareGraphs(ours: readonly IModule[], theirs: readonly IModule[]): Difference[] {
  const [left, right] = [importsOf(ours), importsOf(theirs)];
  const keyed = (imports: readonly CruisedImport[]) => new Set(imports.map(({ from, all }) => `${from}\0${all}`));
  const [known, other] = [keyed(left), keyed(right)];
  const only = (imports: readonly CruisedImport[], not: ReadonlySet<string>) =>
    imports.filter(({ from, all }) => !not.has(`${from}\0${all}`));
  return [
    ...only(left, other).map(({ from, spec, to }) => ({ from, spec, ours: to, theirs: undefined })),
    ...only(right, known).map(({ from, spec, to }) => ({ from, spec, ours: undefined, theirs: to })),
  ];
}

/** Every import between files that only one of `native` and `compat` has, with why. */
export function explain(
  { files, links, options, exists }: Pick<ToVerify, 'files' | 'links' | 'options' | 'exists'>,
  modules: readonly IModule[],
): Explained[] {
  const cruised = new Map(
    modules.filter(({ dependencies }) => dependencies.length > 0).map((each) => [each.source, each]),
  );
  const followed = new Set(modules.filter(({ followable }) => followable !== false).map(({ source }) => source));
  const excludes = excludedBy(options);
  const found: Explained[] = [];
  for (const [from, { facts, gaps }] of files) {
    if (gaps.length > 0) continue;
    const imports = facts.filter((fact): fact is Fact<'import'> => fact.kind === 'import');
    const theirs = Map.groupBy(cruised.get(from)?.dependencies ?? [], ({ module }) => bare(module));
    for (const spec of new Set([...imports.map(({ spec }) => bare(spec)), ...theirs.keys()])) {
      const own = imports.find((fact) => bare(fact.spec) === spec);
      const dependency = theirs.get(spec)?.[0];
      const seen: Seen = {
        from,
        spec,
        ...(own && { ours: { form: own.form, target: links.resolve(from, own.spec) } }),
        ...(dependency && { theirs: dependency }),
        cruised: followed.has(from),
        excludes,
        exists,
      };
      const difference = differing(seen, dependency && fileOf(dependency));
      if (difference) found.push({ ...difference, reason: reasonOf(seen) });
    }
  }
  return found.sort((a, b) => (`${a.from}\0${a.spec}` < `${b.from}\0${b.spec}` ? -1 : 1));
}
/** `exclude` and `includeOnly`, each a pattern, several, or an object with a path. */
function excludedBy({ exclude, includeOnly }: ICruiseOptions): (path: Path) => boolean {
  const pattern = (filter: unknown): RegExp | undefined => {
    const path = typeof filter === 'object' && filter !== null && 'path' in filter ? filter.path : filter;
    const parts = [path].flat().filter((each) => typeof each === 'string');
    return parts.length > 0 ? new RegExp(parts.join('|')) : undefined;
  };
  const [out, only] = [pattern(exclude), pattern(includeOnly)];
  return (path) => out?.test(path) === true || only?.test(path) === false;
}
/** Only the file matters here: dependency-cruiser takes a protocol off, and keeps what asks for a loader. */
const bare = (spec: string): string => spec.replace(/^node:|^\.\//, (match) => (match === './' ? match : ''));

function differing({ from, spec, ours }: Seen, theirs: Path | undefined): Difference | undefined {
  const own = ours && 'to' in ours.target ? ours.target.to : undefined;
  if (own === theirs || (own === from && theirs === undefined)) return undefined;
  return { from, spec, ours: own, theirs };
}
