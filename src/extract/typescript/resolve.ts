import { isBuiltin } from 'node:module';
import type { FileFacts, Path, Sym } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Links, NamesOf, Target, Way } from '../language.ts';
import { aliasTeller, linked, renamed, upwards } from './aliases.ts';
import { folderOf, join, type Manifest, readManifests, type TsConfig, tsConfigReader } from './manifests.ts';
import { originOf } from './origin.ts';

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
/** What a written extension may stand for in source (TypeScript is imported by the name of its output). */
const sources: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts'],
  '.jsx': ['.tsx', '.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
};
const conditions = new Set(['source', 'types', 'import', 'node', 'module', 'require', 'default', 'development']);
/** Folders that builders write to. What is below may be a format (`dist/types`) or a folder of the source: that one first. */
const outputs = [
  /^(?:dist|build|lib|out|output|esm|cjs)(?:\/|$)/,
  /^(?:dist|build|lib|out|output|esm|cjs)\/(?:esm|cjs|types|src|mjs|es)(?:\/|$)/,
];
const asset = /\.(?!(?:[cm]?[jt]sx?|json)$)[a-z0-9]+$/i;

/**
 * What each specifier means (the `native` profile): nearest tsconfig, workspace packages with their `exports`, `#imports`,
 * and output paths led back to source. A name that is no file of the system is external and never looked up on disk.
 */
export function linkTypeScript(files: ReadonlyMap<Path, FileFacts>, workspace: Workspace, namesOf: NamesOf): Links {
  const manifests = readManifests(workspace);
  const packages = new Map<string, Manifest>();
  for (const manifest of manifests.values()) if (manifest.name) packages.set(manifest.name, manifest);
  const configOf = tsConfigReader(workspace, manifests);
  const isAlias = aliasTeller(manifests, workspace.files.keys());
  const has = (path: Path) => workspace.files.has(path);
  const folders = new Set<Path>();
  for (const path of workspace.files.keys())
    for (let at = folderOf(path); !folders.has(at); at = folderOf(at)) folders.add(at);

  /** The file that a path means, with or without extension, as a file or a folder. */
  const locate = (path: Path): Path | undefined => {
    if (has(path)) return path;
    const dot = path.lastIndexOf('.');
    const written = dot > path.lastIndexOf('/') ? path.slice(dot) : '';
    for (const extension of sources[written] ?? [])
      if (has(path.slice(0, dot) + extension)) return path.slice(0, dot) + extension;
    for (const extension of extensions) if (has(path + extension)) return path + extension;
    if (!folders.has(path)) return undefined;
    const manifest = manifests.get(path);
    const main = manifest && path !== '' ? mainOf(manifest) : undefined;
    if (main) return main;
    for (const extension of extensions)
      if (has(join(path, `index${extension}`))) return join(path, `index${extension}`);
    return undefined;
  };
  /** Like `locate`, and an output that is not built yet leads to its source. */
  const locateSource = (path: Path): Path | undefined => {
    const direct = locate(path);
    if (direct) return direct;
    const config = configOf(folderOf(path));
    if (config?.outDir && path.startsWith(`${config.outDir}/`)) {
      const rest = path.slice(config.outDir.length + 1);
      for (const root of [config.rootDir ?? join(config.at, 'src'), config.at]) {
        const found = locate(join(root, undeclared(rest)));
        if (found) return found;
      }
    }
    for (
      let home: Path | undefined = folderOf(path);
      home !== undefined;
      home = home === '' ? undefined : folderOf(home)
    ) {
      const manifest = manifests.get(home);
      if (!manifest) continue;
      const inside = home === '' ? path : path.slice(home.length + 1);
      for (const output of outputs) {
        if (!output.test(inside)) return undefined;
        const rest = undeclared(inside.replace(output, ''));
        const found = locate(join(home, 'src', rest)) ?? locate(join(home, rest));
        if (found) return found;
      }
      return undefined;
    }
    return undefined;
  };
  const mainOf = (manifest: Manifest): Path | undefined => {
    for (const main of manifest.mains) {
      const found = locateSource(join(manifest.at, main));
      if (found) return found;
    }
    for (const guess of ['src/index', 'index']) {
      const found = extensions.map((extension) => join(manifest.at, guess + extension)).find(has);
      if (found) return found;
    }
    return undefined;
  };
  const inPackage = (manifest: Manifest, subpath: string): Path | undefined => {
    if (manifest.exports !== undefined) {
      for (const target of exportTargets(manifest.exports, subpath)) {
        const found = locateSource(join(manifest.at, target));
        if (found) return found;
      }
    }
    if (subpath === '.') return mainOf(manifest);
    const spec = `${manifest.name}/${subpath.slice(2)}`;
    // Some builders publish entries that no manifest here names: the package's own compiler configuration still does.
    const own = configOf(manifest.at);
    for (const candidate of (own && mappedBy(own, spec)) ?? []) {
      const found = locateSource(candidate);
      if (found) return found;
    }
    // Not exported, so it fails at run time; the file is still what the author means, and a rule may object to it.
    return locateSource(join(manifest.at, subpath)) ?? locateSource(join(manifest.at, 'src', subpath));
  };
  const nearestManifest = (from: Path) => upwards(manifests, from, (manifest) => manifest);
  /** The package of the system that a file calls by this name: its own, or what the manifests around the file make of it. */
  const packageNamed = (from: Path, name: string): Manifest | undefined => {
    const range = upwards(manifests, from, (manifest) => {
      const said = manifest.dependencies.get(name);
      return said === undefined ? undefined : { said, manifest };
    });
    const folder = range && linked(range.manifest, range.said);
    const other = range && renamed(range.said);
    return (folder === undefined ? undefined : manifests.get(folder)) ?? packages.get(other ?? name);
  };

  const resolveBare = (from: Path, spec: string): Target => {
    const config = configOf(folderOf(from));
    const mapped = config && mappedBy(config, spec);
    for (const candidate of mapped ?? []) {
      const found = locateSource(join(candidate));
      if (found) return { to: found, by: 'tsconfig' };
    }
    const aliased = upwards(manifests, from, ({ aliases }) => mappedBy({ paths: aliases }, spec));
    for (const candidate of aliased ?? []) {
      const found = locateSource(join(candidate));
      return found ? { to: found, by: 'imports' } : { unresolved: true, internal: true };
    }
    if (spec.startsWith('#')) {
      const manifest = nearestManifest(from);
      for (const target of manifest ? exportTargets(manifest.imports, spec) : []) {
        // An own name for an own name is no target, and might be itself.
        if (target.startsWith('#')) continue;
        if (!target.startsWith('.')) return resolveBare(from, target);
        const found = locateSource(join(manifest!.at, target));
        if (found) return { to: found, by: 'imports' };
      }
      return { unresolved: true, internal: true };
    }
    const name = packageOf(spec);
    const manifest = packageNamed(from, name);
    if (manifest) {
      const found = inPackage(manifest, spec === name ? '.' : `./${spec.slice(name.length + 1)}`);
      return found ? { to: found, by: 'workspace' } : { unresolved: true, internal: true };
    }
    if (config?.baseUrl !== undefined) {
      const found = locate(join(config.baseUrl, spec));
      if (found) return { to: found, by: 'tsconfig' };
    }
    // A pattern such as `*` matches every package: only a specific one means "inside the system".
    const declared = upwards(manifests, from, ({ dependencies }) => dependencies.has(name) || undefined) === true;
    const based =
      config?.baseUrl !== undefined && spec.includes('/') && folders.has(join(config.baseUrl, spec.split('/')[0]!));
    const claimed = !declared && ((mapped !== undefined && mapped.length > 0) || based || isAlias(spec));
    return claimed && !isBuiltin(spec) ? { unresolved: true, internal: true } : { external: name };
  };

  const cache = new Map<Path, Map<string, Target>>();
  // One file's imports are asked for in a row.
  let [last, around] = ['', new Map<string, Target>()];
  const knownAround = (from: Path): Map<string, Target> => {
    if (from === last) return around;
    const folder = folderOf(from);
    [last, around] = [from, cache.get(folder) ?? new Map()];
    cache.set(folder, around);
    return around;
  };
  const resolve = (from: Path, spec: string): Target => {
    const known = knownAround(from).get(spec);
    if (known) return known;
    const target = resolveOnce(from, spec);
    knownAround(from).set(spec, target);
    return target;
  };
  const resolveOnce = (from: Path, written: string): Target => {
    const spec = written.replace(/[?#][^?#/]*$/, (match, at: number) => (at === 0 ? match : ''));
    if (spec.startsWith('node:') || isBuiltin(spec)) return { external: spec };
    if (/^[a-z][a-z0-9+.-]*:/i.test(spec) || spec.startsWith('/')) return { external: spec };
    if (!/^\.\.?(?:\/|$)/.test(spec)) return resolveBare(from, spec);
    const path = join(folderOf(from), spec);
    if (path === '..' || path.startsWith('../')) return { external: spec };
    const found = locateSource(path);
    if (found) return { to: found, by: wayTo(path, found) };
    return asset.test(spec) && !/\.(?:service|module|controller|config|entity|dto|gen|generated)$/.test(spec)
      ? { external: spec }
      : { unresolved: true, internal: true };
  };
  const origin = (from: Path, sym: Sym) => originOf(files, namesOf, resolve, from, sym);
  return {
    resolve,
    origin,
    definition(from, sym) {
      const found = origin(from, sym);
      if ('external' in found) return 'external';
      const name = found.sym.path.join('.');
      const fn = files.get(found.path)?.functions.findIndex((each) => each.name === name && each.parent === -1);
      return fn === undefined || fn === -1 ? 'unknown' : { path: found.path, fn };
    },
  };
}

/** A path leads to what it names, with or without extension, or into a folder; anything else was an output. */
const wayTo = (path: Path, found: Path): Way =>
  found.startsWith(path) || found.startsWith(path.replace(/\.[cm]?jsx?$/, '')) ? 'file' : 'output';
const undeclared = (path: string): string => path.replace(/\.d\.([cm]?)ts$/, '.$1js');
const packageOf = (spec: string): string => spec.split('/', spec.startsWith('@') ? 2 : 1).join('/');

/** Candidates of the most specific matching `paths` pattern; undefined where none matches. */
function mappedBy(config: Pick<TsConfig, 'paths'>, spec: string): readonly Path[] | undefined {
  let best: { readonly prefix: string; readonly to: readonly Path[]; readonly star: string | undefined } | undefined;
  for (const { pattern, to } of config.paths) {
    const star = matchStar(pattern, spec);
    if (star === undefined) continue;
    const prefix = pattern.split('*')[0]!;
    if (pattern === '*' && best) continue;
    if (!best || prefix.length > best.prefix.length || !pattern.includes('*')) best = { prefix, to, star };
  }
  return best?.to.map((path) => path.replace('*', best.star ?? ''));
}
function matchStar(pattern: string, spec: string): string | undefined {
  const [before, after] = pattern.split('*');
  if (after === undefined) return pattern === spec ? '' : undefined;
  if (!spec.startsWith(before!) || !spec.endsWith(after) || spec.length < before!.length + after.length)
    return undefined;
  return spec.slice(before!.length, spec.length - after.length);
}

/** Targets of a subpath in an `exports` or `imports` map, in the order in which a run time would try them. */
function* exportTargets(map: unknown, subpath: string): Iterable<string> {
  if (typeof map === 'string' || Array.isArray(map)) {
    if (subpath === '.') yield* targets(map, '');
    return;
  }
  if (typeof map !== 'object' || map === null) return;
  const entries = Object.entries(map);
  if (entries.every(([key]) => !/^[.#]/.test(key))) {
    if (subpath === '.') yield* targets(map, '');
    return;
  }
  const matches = entries.flatMap(([pattern, target]) => {
    const star = matchStar(pattern, subpath);
    return star === undefined ? [] : [{ pattern, target, star }];
  });
  const [best] = matches.sort((a, b) => b.pattern.split('*')[0]!.length - a.pattern.split('*')[0]!.length);
  if (best) yield* targets(best.target, best.star);
}
function* targets(target: unknown, star: string, depth = 0): Iterable<string> {
  // Conditions inside of conditions are few; a manifest nested without end must not overflow.
  if (depth > 20) return;
  if (typeof target === 'string') yield target.replaceAll('*', star);
  else if (Array.isArray(target)) for (const each of target) yield* targets(each, star, depth + 1);
  else if (typeof target === 'object' && target !== null) {
    for (const [condition, each] of Object.entries(target))
      if (conditions.has(condition)) yield* targets(each, star, depth + 1);
  }
}
