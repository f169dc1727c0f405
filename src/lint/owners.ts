import picomatch from 'picomatch';
import { closest } from '../blueprint/nearest.ts';
import { textOf } from '../extract/workspace/text.ts';
import type { Path } from '../model/facts.ts';
import { KnownError } from '../model/known-error.ts';
import type { Workspace } from '../model/workspace.ts';

/** Who owns what, as CODEOWNERS says: the last line that matches a path decides. */
export interface Owners {
  /** Every owner that the file names. */
  readonly names: readonly string[];
  of(path: Path): readonly string[];
}

/** Where GitHub and GitLab look for the file, first one first. */
const places = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

export function readOwners(workspace: Workspace): Owners {
  const path = places.find((place) => workspace.files.has(place));
  const bytes = path && workspace.read(path);
  return bytes ? ownersIn(textOf(bytes)) : { names: [], of: () => [] };
}

/** Reads the text of a CODEOWNERS file. Section headers (`[Backend] @team`) give their owners to lines that name none. */
export function ownersIn(text: string): Owners {
  let inherited: readonly string[] = [];
  const lines: { readonly matches: (path: Path) => boolean; readonly owners: readonly string[] }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const section = /^\^?\[[^\]]+\](?:\[\d+\])?\s*(.*)$/.exec(line);
    if (section) {
      inherited = section[1]!.split(/\s+/).filter(Boolean);
      continue;
    }
    const [pattern = '', ...owners] = line.replaceAll('\\ ', '\0').split(/\s+/);
    lines.push({ matches: patternOf(pattern.replaceAll('\0', ' ')), owners: owners.length > 0 ? owners : inherited });
  }
  lines.reverse();
  return {
    names: [...new Set(lines.flatMap(({ owners }) => owners))].sort(),
    of: (path) => lines.find(({ matches }) => matches(path))?.owners ?? [],
  };
}

/** The rules of `.gitignore`, without negation and character ranges, which CODEOWNERS does not have. */
function patternOf(pattern: string): (path: Path) => boolean {
  const bare = pattern.replace(/^\/+/, '');
  // As in `.gitignore`, `/` alone matches nothing.
  if (bare === '') return () => false;
  const anchored = pattern.startsWith('/') || bare.slice(0, -1).includes('/');
  const glob = `${anchored ? '' : '**/'}${bare.replace(/[[\](){}!+@]/g, '\\$&')}`;
  if (bare.endsWith('/')) return picomatch(`${glob}**`, { dot: true });
  // `docs/*` means the files of that folder; a name alone means a folder with everything in it, too.
  return picomatch(bare.endsWith('/*') ? [glob] : [glob, `${glob}/**`], { dot: true });
}

/** Throws a `KnownError` for an owner that the file does not name. */
export function checkOwner({ names }: Owners, owner: string): void {
  if (names.includes(owner)) return;
  if (names.length === 0) {
    throw new KnownError('There is no CODEOWNERS file that names an owner.', { next: `Add one at ${places[0]}.` });
  }
  const near = closest(owner, names);
  throw new KnownError(`CODEOWNERS does not name '${owner}'.`, {
    next: near ? `Did you mean '${near}'?` : `It names ${names.join(', ')}.`,
  });
}
