import { isBuiltin } from 'node:module';
import type { FileFacts, Gap, Path } from '../../model/facts.ts';
import type { NodeId, OutsideImport } from '../../model/system.ts';
import type { Links } from '../language.ts';
import type { Graph } from './graph.ts';

export interface ImportCoverage {
  /** Imports that were seen, and those whose target is known (a file of the system, or outside of it). */
  readonly seen: number;
  readonly resolved: number;
  readonly gaps: readonly Gap[];
  readonly outside: readonly OutsideImport[];
}

/** `imports` between files. An import inside the system that leads nowhere is a gap, unless it is only about types. */
export function importEdges(
  graph: Graph,
  files: ReadonlyMap<Path, FileFacts>,
  linksOf: (path: Path) => Links | undefined,
): ImportCoverage {
  const gaps: Gap[] = [];
  const outside: OutsideImport[] = [];
  // One text for each node: a file may have thousands of edges.
  const ids = new Map([...files.keys()].map((path): [Path, NodeId] => [path, `file:${path}`]));
  const idOf = (path: Path) => ids.get(path)!;
  let [seen, resolved] = [0, 0];
  for (const [path, { facts }] of files) {
    const links = linksOf(path);
    if (!links) continue;
    const from = idOf(path);
    for (const fact of facts) {
      if (fact.kind !== 'import') continue;
      const { spec, form, typeOnly, span } = fact;
      seen++;
      if (spec === '') {
        gaps.push({ path, why: 'computed', detail: 'what it leads to is only known when the program runs', span });
        continue;
      }
      const target = links.resolve(path, spec);
      if (!('unresolved' in target)) resolved++;
      if ('unresolved' in target) {
        if (target.internal && !typeOnly && form !== 'other')
          gaps.push({ path, why: 'unresolved', detail: `'${spec}' leads to no file${hint(spec)}`, span });
      } else if ('external' in target) {
        const own = /\.[cm]?[jt]sx?$/.test(path) && !spec.startsWith('node:') && isBuiltin(spec);
        outside.push({ path, spec: own ? `node:${spec}` : spec, span, typeOnly });
      } else if ('to' in target && target.to !== path && files.has(target.to)) {
        graph.relate('imports', from, idOf(target.to), [{ path, span }], 'certain', {
          typeOnly,
          async: form === 'dynamic',
        });
      }
    }
  }
  return { seen, resolved, gaps, outside };
}

/** A name that neither begins with a dot nor is one of a package has to be said by something that is read. */
const hint = (spec: string): string =>
  /^[.#]/.test(spec)
    ? ''
    : ': neither a manifest nor compilerOptions.paths or baseUrl (tsconfig.json, jsconfig.json) says where';
