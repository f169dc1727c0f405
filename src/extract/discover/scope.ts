import type { Within } from '../../blueprint/load.ts';
import type { Path } from '../../model/facts.ts';
import { matcher } from './patterns.ts';

/** Which files a setting is about: what any of the globs matches, of a module's settings below its folder; all without either. */
export interface Scope {
  readonly paths?: readonly string[];
  readonly within?: Within;
}

export function covering({ paths, within }: Scope): (path: Path) => boolean {
  const matches = paths === undefined ? () => true : matcher(paths);
  if (within === undefined) return matches;
  const local = localIn(within);
  return (path) => {
    const at = local(path);
    return at !== undefined && matches(at);
  };
}

/** A path as it is called within a folder; undefined for one that is not its own. */
export const localIn =
  ({ folder, except }: Within): ((path: Path) => Path | undefined) =>
  (path) =>
    path.startsWith(`${folder}/`) && !except.some((inner) => path.startsWith(`${inner}/`))
      ? path.slice(folder.length + 1)
      : undefined;

/** The description of a system, or what one of its modules says of itself. */
export const isArchitecture = (path: Path): boolean => /(?:^|\/)architecture\.ya?ml$/.test(path);
