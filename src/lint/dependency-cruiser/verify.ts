import type { SystemModel } from '../../extract/system/build.ts';
import type { Path } from '../../model/facts.ts';
import { type CruisedEdge, cruiseImports } from './cruise.ts';

export interface Difference {
  readonly from: Path;
  readonly to: Path;
  /** Which of the two sees it. */
  readonly seenBy: 'ours' | 'dependency-cruiser';
}
export interface Verified {
  readonly files: number;
  /** Edges between files that both see. */
  readonly equal: number;
  readonly differences: readonly Difference[];
}

/** Compares our imports between TypeScript and JavaScript files with those of dependency-cruiser, on the same files. */
export function verifyEngine(root: string, model: SystemModel): Verified {
  const files = [...model.files.keys()].filter(
    (path) => /\.[cm]?[jt]sx?$/.test(path) && model.files.get(path)!.gaps.length === 0,
  );
  const tsConfig = ['tsconfig.json', 'tsconfig.base.json', 'jsconfig.json'].find((path) => model.hasFile(path));
  return compare(files, model, cruiseImports({ root, files, tsConfig }));
}

/** Pure part of `verifyEngine`. */
export function compare(
  files: readonly Path[],
  model: Pick<SystemModel, 'relations'>,
  cruised: readonly CruisedEdge[],
): Verified {
  const known = new Set(files);
  const theirs = new Set(
    cruised.flatMap(({ from, to }) =>
      to !== undefined && to !== from && known.has(from) && known.has(to) ? [`${from}\0${to}`] : [],
    ),
  );
  const ours = new Set(
    model.relations.imports
      .map(({ from, to }) => [from.slice('file:'.length), to.slice('file:'.length)] as const)
      .flatMap(([from, to]) => (known.has(from) && known.has(to) ? [`${from}\0${to}`] : [])),
  );
  const only = (a: ReadonlySet<string>, b: ReadonlySet<string>, seenBy: Difference['seenBy']): Difference[] =>
    [...a.difference(b)].map((edge) => {
      const [from, to] = edge.split('\0') as [Path, Path];
      return { from, to, seenBy };
    });
  const differences = [...only(ours, theirs, 'ours'), ...only(theirs, ours, 'dependency-cruiser')];
  return {
    files: files.length,
    equal: ours.intersection(theirs).size,
    differences: differences.sort((a, b) => (`${a.from}${a.to}` < `${b.from}${b.to}` ? -1 : 1)),
  };
}
