import { isDeepStrictEqual } from 'node:util';
import { type Extractors, readFiles } from '../../extract/read-files.ts';
import { type ExtractedFile, type Fact, type FileFacts, isPassing, type Path, type Span } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Outcome } from './outcome.ts';
import { factsOf } from './pack.ts';

/** A file before and after an edit, as it was read: outlined or whole. */
export interface Edited {
  readonly path: Path;
  readonly before: ExtractedFile | undefined;
  readonly after: ExtractedFile | undefined;
}

/**
 * Whether an outcome holds for edited files as well: each says what it said before, but for where in the file it says it,
 * and for names that nobody asked for. Where the outcome speaks of a file, all places in it must be the same, too.
 */
export function holdsFor({ checked, beyond, named }: Outcome, edited: readonly Edited[]): boolean {
  const spokenOf = pathsIn([checked.violations, checked.suppressions, checked.gaps, checked.unchecked]);
  return edited.every(({ path, before, after }) => {
    if (!before || !after || beyond.includes(path) || after.gaps.some(isPassing)) return false;
    const told = (file: ExtractedFile) => {
      const asked = named.includes(path) ? file : { ...file, names: [] };
      return JSON.parse(JSON.stringify(spokenOf.has(path) ? asked : withoutPlaces(asked)));
    };
    return isDeepStrictEqual(told(before), told(after));
  });
}

/** Edited files as they were in a text that was kept, and as they are. */
export async function editsOf(
  paths: readonly Path[],
  kept: string,
  workspace: Workspace,
  extractors: Extractors,
): Promise<readonly Edited[]> {
  const { files, namesOf, whole } = await readFiles(workspace, paths, extractors);
  const now = (facts: FileFacts | undefined) => facts && { ...facts, names: namesOf(facts.path) };
  return paths.flatMap((path): Edited[] => {
    const wholeBefore = factsOf(kept, `!${path}`);
    return [
      { path, before: factsOf(kept, path), after: now(files.get(path)) },
      ...(wholeBefore ? [{ path, before: wholeBefore, after: now(whole(path)) }] : []),
    ];
  });
}

/** Each place as the number of its ends among all ends in the file: what comes first, and what is inside what, stays. */
function withoutPlaces(file: ExtractedFile): ExtractedFile {
  const spans = [file.facts, file.names, file.functions, file.gaps].flatMap((all) => all.flatMap(spansOf));
  const rank = new Map([...new Set(spans.flat())].sort((a, b) => a - b).map((end, i) => [end, i]));
  const ranked = ([start, end]: Span): Span => [rank.get(start)!, rank.get(end)!];
  const moved = <T extends Placed>(all: readonly T[]): T[] =>
    all.map((each) => ({
      ...each,
      ...(each.span && { span: ranked(each.span) }),
      ...(each.covers && { covers: ranked(each.covers) }),
    }));
  return {
    ...file,
    facts: moved<Fact>(file.facts),
    names: moved(file.names),
    functions: moved(file.functions),
    gaps: moved(file.gaps),
  };
}
interface Placed {
  readonly span?: Span;
  /** Of a suppression. */
  readonly covers?: Span;
}
const spansOf = ({ span, covers }: Placed): Span[] => [span, covers].filter((each) => each !== undefined);

/** Every path that is named anywhere in a value. */
function pathsIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inside] of Object.entries(value)) {
    if (key === 'path' && typeof inside === 'string') found.add(inside);
    else pathsIn(inside, found);
  }
  return found;
}
