import type { ExtractedFile, FileFacts, Gap, NameFact, Path } from '../model/facts.ts';
import type { Workspace } from '../model/workspace.ts';
import { aside, isMarkedGenerated, pathRoles } from './discover/roles.ts';
import { type Risky, riskyReader } from './guarded.ts';
import type { Language, NamesOf, Recogniser } from './language.ts';
import type { Memory } from './memory.ts';
import { isBinary } from './workspace/text.ts';

/** Larger files are data or bundles; no parser sees them. */
export const TOO_BIG = 2_000_000;

export interface Extractors {
  readonly languages: readonly Language[];
  /** By language id. */
  readonly recognisers: Readonly<Record<string, readonly Recogniser[]>>;
}
export interface Reading {
  /** Facts of each file that some language claims, in path order. */
  readonly files: ReadonlyMap<Path, FileFacts>;
  /** Which language read which file. */
  readonly languages: ReadonlyMap<Path, Language>;
  readonly gaps: readonly Gap[];
  /** What other files can reach by name in one. */
  readonly namesOf: NamesOf;
  /** Reads a file again that was only outlined. */
  whole(path: Path): FileFacts | undefined;
  /** Files that could be read and parsed. */
  readonly parsed: number;
}

/** Facts of every file that a language claims. A failure in one file is a gap; the others are still read. */
export async function readFiles(
  workspace: Workspace,
  paths: Iterable<Path>,
  extractors: Extractors,
  memory?: Memory,
): Promise<Reading> {
  const claimed: [Path, Language][] = [];
  for (const path of paths) {
    const language = extractors.languages.find((each) => each.claims(path));
    if (language) claimed.push([path, language]);
  }
  const languages = new Map(claimed);
  for (const language of new Set(languages.values())) await language.prepare?.();
  const files = new Map<Path, ExtractedFile>();
  const gaps: Gap[] = [...(workspace.gaps ?? [])];
  let parsed = 0;
  // Who imports whom matters in tests and examples as well; what their code does is read where they turn out to be none.
  const recognisersFor = (path: Path, { id }: Language, whole: boolean) =>
    !whole && pathRoles(path).some((role) => aside.has(role)) ? [] : (extractors.recognisers[id] ?? []);
  const readRisky = riskyReader();
  /** Undefined for what has to be read with care. */
  const read = (path: Path, language: Language, whole: boolean): ExtractedFile | undefined => {
    const compute = () => readFile(workspace, path, language, recognisersFor(path, language, whole), whole);
    return memory ? memory.facts(path, whole, compute) : compute();
  };
  const readWithCare = (files: readonly (readonly [Path, Language])[], whole: boolean): readonly ExtractedFile[] => {
    const risky = files.map(([path, language]): Risky => {
      const bytes = workspace.read(path) ?? new Uint8Array();
      const reason = language.risk?.(bytes) ?? '';
      return { path, bytes, digest: '', language, recognisers: recognisersFor(path, language, whole), whole, reason };
    });
    return readRisky(risky).map((facts, i) => {
      const marked = withMark(facts, risky[i]!.bytes);
      return memory ? memory.facts(facts.path, whole, () => marked) : marked;
    });
  };
  const risky: [Path, Language][] = [];
  for (const [path, language] of claimed) {
    const facts = read(path, language, false);
    if (facts) files.set(path, facts);
    else risky.push([path, language]);
  }
  for (const some of portions(risky, ([path]) => workspace.size?.(path) ?? TOO_BIG, TOGETHER))
    for (const facts of readWithCare(some, false)) files.set(facts.path, facts);
  const inOrder = new Map(claimed.map(([path]) => [path, files.get(path)!]));
  for (const { gaps: own } of inOrder.values()) {
    gaps.push(...own);
    if (own.length === 0) parsed++;
  }
  const whole = (path: Path) => {
    const language = languages.get(path);
    return language && (read(path, language, true) ?? readWithCare([[path, language]], true)[0]);
  };
  const namesOf = (path: Path) => {
    memory?.names(path);
    return inOrder.get(path)?.names ?? none;
  };
  return { files: inOrder, languages, gaps, parsed, namesOf, whole };
}

const none: readonly NameFact[] = [];

/** How many bytes one child process is handed. */
const TOGETHER = 16_000_000;

/** Lists of which each adds up to no more than `most`, except for one that is larger by itself. */
function* portions<T>(all: readonly T[], sizeOf: (one: T) => number, most: number): Iterable<readonly T[]> {
  let some: T[] = [];
  let sum = 0;
  for (const one of all) {
    const size = sizeOf(one);
    if (some.length > 0 && sum + size > most) {
      yield some;
      [some, sum] = [[], 0];
    }
    some.push(one);
    sum += size;
  }
  if (some.length > 0) yield some;
}

/** Undefined for what might bring its parser down or keep it busy. */
function readFile(
  workspace: Workspace,
  path: Path,
  language: Language,
  recognisers: readonly Recogniser[],
  whole: boolean,
): ExtractedFile | undefined {
  const bytes = workspace.read(path);
  // Its size is asked for only where it must be: of thousands of files that is a tenth of the time.
  const size = bytes?.length ?? workspace.size?.(path) ?? 0;
  if (size > TOO_BIG) return gap(path, 'too-big', `${size} bytes; at most ${TOO_BIG} are read`);
  if (!bytes) return gap(path, 'unreadable', 'it is there but cannot be read');
  if (isBinary(bytes)) return gap(path, 'unsupported', 'binary content under the name of a source file');
  if (language.risk?.(bytes) !== undefined) return undefined;
  try {
    const source = { path, bytes, digest: workspace.files.get(path) ?? '' };
    return withMark(language.extract(source, recognisers, whole), bytes);
  } catch (error) {
    if (error instanceof RangeError) return gap(path, 'too-deep', error.message);
    // A parser that stumbles over one file must not hide what is wrong in the others.
    return gap(path, 'unsupported', `reading it failed (${error instanceof Error ? error.message : String(error)})`);
  }
}

const withMark = (facts: ExtractedFile, bytes: Uint8Array): ExtractedFile =>
  isMarkedGenerated(bytes) ? { ...facts, generated: true } : facts;

const gap = (path: Path, why: Gap['why'], detail: string): ExtractedFile => ({
  path,
  functions: [],
  facts: [],
  names: [],
  gaps: [{ path, why, detail }],
});
