import type { IDependency } from 'dependency-cruiser';
import type { Target } from '../../extract/language.ts';
import type { FactMap, Path } from '../../model/facts.ts';

/** Why our graph has another edge than dependency-cruiser's under the same options. Closed: a difference without one is a defect. */
export const reasons = {
  'workspace-package': 'a package of this repository, by its name: dependency-cruiser needs it installed',
  'output-source': 'a build output that leads back to its source',
  'nearest-tsconfig': 'names of the nearest tsconfig.json: dependency-cruiser reads one for the whole repository',
  'package-imports': 'a subpath import of the nearest package.json, under conditions that the options leave out',
  extension: 'another order of extensions, or one that the options leave out',
  form: 'a form of import that only one of the two knows',
  excluded: 'left out by the options of dependency-cruiser',
  'not-read': 'a file in a folder that we do not read',
} as const;
export type Reason = keyof typeof reasons;

/** One import of a file as both see it. */
export interface Seen {
  readonly from: Path;
  readonly spec: string;
  /** Absent: no such import in our facts. */
  readonly ours?: { readonly form: FactMap['import']['form']; readonly target: Target };
  /** Absent: dependency-cruiser does not have it. */
  readonly theirs?: Pick<IDependency, 'resolved' | 'couldNotResolve' | 'coreModule' | 'dependencyTypes'>;
  /** Whether dependency-cruiser looked into the importing file. */
  readonly cruised: boolean;
  /** Whether the options leave out imports of a file. */
  readonly excludes: (path: Path) => boolean;
  /** Whether a file is among those that we list: folders of output and of dependencies are not. */
  readonly exists: (path: Path) => boolean;
}

/** Why both lead an import elsewhere; undefined where nothing explains it. */
export function reasonOf({ ours, theirs, cruised, excludes, exists }: Seen): Reason | undefined {
  if (!cruised) return 'excluded';
  const ourFile = ours && 'to' in ours.target ? ours.target : undefined;
  const theirFile = theirs && !theirs.couldNotResolve && !theirs.coreModule ? theirs.resolved : undefined;
  if (theirFile !== undefined && !exists(theirFile) && ourFile === undefined) return 'not-read';
  if (!ours) return 'form';
  // An import that leads nowhere is reported as well, so one that is missing was not seen, or its target is left out.
  if (!theirs) return ourFile && excludes(ourFile.to) ? 'excluded' : 'form';
  switch (ourFile?.by) {
    case 'workspace':
      return 'workspace-package';
    case 'output':
      return 'output-source';
    case 'tsconfig':
      return 'nearest-tsconfig';
    case 'imports':
      return 'package-imports';
    case 'file':
      return 'extension';
    default:
      // We lead it out of the repository, or nowhere: the one configuration gave a name that the nearest one does not.
      return theirs.dependencyTypes.some((type) => type.startsWith('aliased')) ? 'nearest-tsconfig' : undefined;
  }
}
