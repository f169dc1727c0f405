import { textOf } from '../extract/workspace/text.ts';
import type { Path } from '../model/facts.ts';
import { KnownError } from '../model/known-error.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Finding, Settled } from './finding.ts';
import { OWN_RULES } from './own-rules.ts';

/** One file for each module that has accepted atoms, and one for what lies in none. */
const folder = '.scalable-backend/baseline/';
const rest = '.scalable-backend/baseline.json';
const fileOf = (module: string | undefined): Path =>
  module === undefined ? rest : `${folder}${encodeURIComponent(module)}.json`;
const isBaseline = (path: Path) => path === rest || (path.startsWith(folder) && path.endsWith('.json'));

/** Accepted atoms of one file by rule; an atom that is accepted twice is there twice. */
export type Atoms = Readonly<Record<string, readonly string[]>>;
export type Baseline = ReadonlyMap<Path, Atoms>;

/** Every baseline of the workspace, by path. Throws a `KnownError` for one that is not well formed. */
export function readBaseline(workspace: Workspace): Baseline {
  const paths = [...workspace.files.keys()].filter(isBaseline).sort();
  return new Map(paths.map((path) => [path, parse(path, textOf(workspace.read(path) ?? new Uint8Array()))]));
}

function parse(path: Path, text: string): Atoms {
  const wrong = (why: string) =>
    new KnownError(`This is no baseline: ${why}.`, {
      place: { file: path },
      next: 'Restore it from git, or delete it and run: scalable-backend lint --update-baseline',
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : 'it is not JSON');
  }
  const { version, accepted } = (content ?? {}) as { version?: unknown; accepted?: unknown };
  if (version !== 1) throw wrong('its version is not 1');
  if (typeof accepted !== 'object' || accepted === null) throw wrong('it has no accepted atoms');
  const isList = (value: unknown) => Array.isArray(value) && value.every((atom) => typeof atom === 'string');
  if (!Object.values(accepted).every(isList)) throw wrong('accepted is not { rule: [atom, …] }');
  return accepted as Atoms;
}

/** What is still to be accepted, as a multiset for each rule. */
export interface Acceptance {
  /** Takes a finding's atoms if all of them are there; takes none otherwise. */
  whole(rule: string, atoms: readonly string[]): boolean;
  /** Takes those that are there, and returns the others: what is new in a finding that grew. */
  part(rule: string, atoms: readonly string[]): readonly string[];
  /** What no finding has taken, by the file that accepts it. */
  left(): readonly { readonly path: Path; readonly rule: string; readonly atom: string }[];
}

export function acceptance(baseline: Baseline): Acceptance {
  const files = new Map<string, Path[]>();
  const key = (rule: string, atom: string) => `${rule}\0${atom}`;
  for (const [path, rules] of baseline) {
    for (const [rule, atoms] of Object.entries(rules)) {
      for (const atom of atoms) files.set(key(rule, atom), [...(files.get(key(rule, atom)) ?? []), path]);
    }
  }
  const take = (rule: string, atom: string) => files.get(key(rule, atom))?.pop() !== undefined;
  return {
    whole(rule, atoms) {
      const wanted = Map.groupBy(atoms, (atom) => atom);
      const enough = [...wanted].every(([atom, all]) => (files.get(key(rule, atom))?.length ?? 0) >= all.length);
      if (enough) for (const atom of atoms) take(rule, atom);
      return enough;
    },
    part: (rule, atoms) => atoms.filter((atom) => !take(rule, atom)),
    left: () =>
      [...files].flatMap(([name, paths]) => {
        const [rule = '', atom = ''] = name.split('\0');
        return paths.map((path) => ({ path, rule, atom }));
      }),
  };
}

export interface Update {
  /** Text by path; `undefined` for a file that accepts nothing any more. */
  readonly files: ReadonlyMap<Path, string | undefined>;
  /** How many atoms are accepted now, and were not before. */
  readonly added: number;
  readonly removed: number;
}

/** The baseline that accepts what a run found; with `shrink`, only what was accepted before and is still there. */
export function updateBaseline(
  { accepted, findings }: Pick<Settled, 'accepted' | 'findings'>,
  before: Baseline,
  { shrink }: { readonly shrink: boolean },
): Update {
  const open = findings.filter(({ rule }) => !OWN_RULES.some(({ id }) => id === rule));
  const kept = shrink
    ? open.map((finding) => ({ ...finding, atoms: finding.added ? without(finding.atoms, finding.added) : [] }))
    : open;
  const all = [...accepted, ...kept].filter(({ atoms }) => atoms.length > 0);
  const files = new Map<Path, string | undefined>([...before.keys()].map((path) => [path, undefined]));
  for (const [path, own] of Map.groupBy(all, ({ module }) => fileOf(module))) files.set(path, print(own));

  const count = (lists: Iterable<readonly string[]>) => [...lists].reduce((sum, { length }) => sum + length, 0);
  const added = shrink ? 0 : count(open.map(({ atoms, added }) => added ?? atoms));
  const [was, is] = [count([...before.values()].flatMap(Object.values)), count(all.map(({ atoms }) => atoms))];
  return { files, added, removed: was + added - is };
}

function without(atoms: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...atoms];
  for (const atom of taken) left.splice(left.indexOf(atom), 1);
  return left;
}

function print(findings: readonly Finding[]): string {
  const byRule = [...Map.groupBy(findings, ({ rule }) => rule)].sort(([a], [b]) => (a < b ? -1 : 1));
  const accepted = Object.fromEntries(byRule.map(([rule, all]) => [rule, all.flatMap(({ atoms }) => atoms).sort()]));
  return `${JSON.stringify({ version: 1, accepted }, null, 2)}\n`;
}
