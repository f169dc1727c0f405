import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** What a package's entry points reach: POSIX paths relative to the repository, and names of npm packages. */
export interface Reach {
  /** Needed at run time: emitted as JavaScript and declarations. */
  readonly files: readonly string[];
  /** Reached by types only: emitted as declarations. */
  readonly types: readonly string[];
  readonly packages: readonly string[];
}

interface Edge {
  readonly spec: string;
  readonly typeOnly: boolean;
  /** Read from text, which may be a comment: counts where the package is a dependency. */
  readonly guess?: boolean;
}

/**
 * Walks imports of every form from the entry files: static, dynamic with a literal, and `import.meta.resolve('package/file')` (data files of packages).
 */
export function reach(root: string, entries: readonly string[]): Reach {
  const { dependencies }: { dependencies: object } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const runtime = new Set<string>();
  const typed = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string, typeOnly: boolean) => {
    if (runtime.has(path) || (typeOnly && typed.has(path))) return;
    (typeOnly ? typed : runtime).add(path);
    for (const edge of edgesOf(path, readFileSync(join(root, path), 'utf8'))) {
      const viaType = typeOnly || edge.typeOnly;
      if (edge.spec.startsWith('#'))
        throw new Error(`${path} imports ${edge.spec}: packages have no such alias; use a relative path`);
      if (!edge.spec.startsWith('.')) {
        const name = packageName(edge.spec);
        if (!viaType && !isBuiltin(edge.spec) && (!edge.guess || name in dependencies)) packages.add(name);
        continue;
      }
      const target = posix.normalize(posix.join(posix.dirname(path), edge.spec));
      if (!existsSync(join(root, target))) throw new Error(`${path} imports ${edge.spec}, which does not exist`);
      if (target.endsWith('.ts')) visit(target, viaType);
    }
  };
  for (const entry of entries) visit(entry, false);
  return {
    files: [...runtime].sort(),
    types: [...typed].filter((path) => !runtime.has(path)).sort(),
    packages: [...packages].sort(),
  };
}

function edgesOf(path: string, text: string): readonly Edge[] {
  const { module } = parseSync(path, text);
  const literal = (start: number, end: number) => /^(['"`])([^'"`$]+)\1$/.exec(text.slice(start, end))?.[2];
  const typeOnly = (start: number) => /^(?:import|export)\s+type\b/.test(text.slice(start, start + 20));
  return [
    ...module.staticImports.map(({ start, moduleRequest }) => ({
      spec: moduleRequest.value,
      typeOnly: typeOnly(start),
    })),
    ...module.staticExports.flatMap(({ start, entries }) =>
      entries.flatMap(({ moduleRequest }) =>
        moduleRequest ? [{ spec: moduleRequest.value, typeOnly: typeOnly(start) }] : [],
      ),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const spec = literal(start, end);
      return spec === undefined ? [] : [{ spec, typeOnly: false }];
    }),
    ...[...text.matchAll(/\bimport\('(\.[^']+\.ts)'\)\./g)].map(([, spec = '']) => ({ spec, typeOnly: true })),
    ...[...text.matchAll(/\b(?:import\.meta|require)\.resolve\(['"`]([^'"`.#$][^'"`$]*)/g)].map(([, spec = '']) => ({
      spec,
      typeOnly: false,
      guess: true,
    })),
  ];
}

const isBuiltin = (spec: string) => spec.startsWith('node:') || builtinModules.includes(spec);
const packageName = (spec: string) => spec.split('/', spec.startsWith('@') ? 2 : 1).join('/');
