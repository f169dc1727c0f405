import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isArchitecture } from '../../extract/discover/scope.ts';
import type { Target } from '../../extract/language.ts';
import type { Memory } from '../../extract/memory.ts';
import { type ExtractedFile, isPassing, type Path } from '../../model/facts.ts';
import { own } from '../../model/own.ts';
import type { Violation } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Identify } from './identify.ts';
import type { Outcome } from './outcome.ts';

/** What is kept between runs: three layers, each with what it depends on. Everything in it is JSON. */
export interface Kept {
  /** By path (`!path`: read whole): the content's id, and its facts. */
  readonly facts: Readonly<Record<string, readonly [id: string, facts: ExtractedFile]>>;
  /** Where names lead, as long as the list of files and what linking read are the same. */
  readonly links: {
    readonly state: string;
    readonly reads: Readonly<Record<Path, string>>;
    readonly of: Readonly<Record<Path, Readonly<Record<string, Target>>>>;
  };
  /**
   * `state`: of the list of files, and of the content of every one that had a say. `named`: of which files somebody asked
   * for names to find them.
   */
  readonly violations: {
    readonly state: string;
    readonly named: readonly Path[];
    readonly of: Readonly<Record<string, readonly Violation[]>>;
  };
}
export const nothingKept: Kept = {
  facts: {},
  links: { state: '', reads: {}, of: {} },
  violations: { state: '', named: [], of: {} },
};

/** A memory over what was kept, and what to keep of this run. */
export interface Remembering {
  readonly memory: Memory;
  /** The workspace as linking reads it: what is read is noted, because answers depend on it. */
  readonly linking: Workspace;
  kept(): Kept;
  /** Files whose content had a say. */
  used(): Iterable<Path>;
  /** Those of them of which more than their facts had a say, and those of which names had one. */
  said(): Pick<Outcome, 'beyond' | 'named'>;
  /** Answers that turned out to be wrong, when `verify` was asked for. */
  readonly wrong: readonly string[];
}
export interface Circumstances {
  readonly workspace: Workspace;
  readonly identify: Identify;
  /** What else decides where an import leads: which packages are installed. */
  readonly installed: string;
  /** Compute every answer all the same, and compare. */
  readonly verify?: boolean;
}

/** A table whose keys a repository chooses: `__proto__` is one of them. */
const empty = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

export function remembering(old: Kept, { workspace, identify, installed, verify = false }: Circumstances): Remembering {
  const wrong: string[] = [];
  const reads = new Set<Path>();
  const state = hash('sha1', [installed, ...workspace.files.keys()].join('\0'));
  const isValid = (layer: Kept['links']) =>
    layer.state === state && Object.entries(layer.reads).every(([path, id]) => identify(path) === id);
  const checked = <T>(known: T | undefined, what: string, compute: () => T): T => {
    if (known === undefined) return compute();
    if (!verify) return known;
    const fresh = compute();
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(fresh)), known)) wrong.push(what);
    return fresh;
  };

  const facts: Record<string, readonly [string, ExtractedFile]> = empty();
  const linksValid = isValid(old.links);
  const links: Record<Path, Record<string, Target>> = empty();
  const violations: Record<string, readonly Violation[]> = empty();
  const named = new Set<Path>();
  let systemState: { readonly paths: ReadonlySet<Path>; readonly state: string } | undefined;
  /** Asked for once all files are read and linked: from then on nothing else is read. */
  const system = () => {
    if (systemState) return systemState;
    const paths = new Set([
      ...Object.keys(facts).map((key) => (key.startsWith('!') ? key.slice(1) : key)),
      ...Object.keys(linkReads()),
      ...[...workspace.files.keys()].filter(isArchitecture),
    ]);
    const ids = [...paths].sort().flatMap((path) => [path, identify(path)]);
    systemState = { paths, state: hash('sha1', [state, ...ids].join('\0')) };
    return systemState;
  };
  const idsOf = (paths: Iterable<Path>): Record<Path, string> =>
    Object.fromEntries([...new Set(paths)].map((path) => [path, identify(path)]));
  const linkReads = () => ({ ...(linksValid && old.links.reads), ...idsOf(reads) });
  const memory: Memory = {
    facts(path, whole, compute) {
      const key = whole ? `!${path}` : path;
      const [id, known] = own(old.facts, key) ?? [];
      const now = identify(path);
      const kept = id === now && now !== '' ? known : undefined;
      const found = kept && !verify ? kept : compute();
      if (found === undefined || found.gaps.some(isPassing)) return found;
      if (kept) checked(kept, `facts of ${path}`, () => found);
      if (now !== '') facts[key] = [now, found];
      return found;
    },
    names(path) {
      named.add(path);
    },
    target(from, spec, compute) {
      // A path is followed sooner than it is remembered.
      if (spec.startsWith('.')) return compute();
      const known = linksValid ? own(own(old.links.of, from), spec) : undefined;
      const target = checked(known, `what '${spec}' means in ${from}`, compute);
      links[from] ??= empty();
      links[from][spec] = target;
      return target;
    },
    violations(rule, options, compute) {
      const key = `${rule} ${JSON.stringify(options)}`;
      const known = system().state === old.violations.state ? own(old.violations.of, key) : undefined;
      // Nobody asks for names to say what was said before.
      if (known) for (const path of old.violations.named) named.add(path);
      violations[key] = checked(known, `findings of ${rule}`, compute);
      return violations[key];
    },
  };
  return {
    memory,
    wrong,
    linking: {
      ...workspace,
      read(path) {
        reads.add(path);
        return workspace.read(path);
      },
    },
    kept: () => ({
      facts,
      links: { state, reads: linkReads(), of: links },
      violations: { state: system().state, named: [...named], of: violations },
    }),
    used: () => system().paths,
    said() {
      const linked = linkReads();
      const beyond = [...system().paths].filter(
        (path) => !own(facts, path) || own(linked, path) || isArchitecture(path),
      );
      return { beyond, named: [...named].sort() };
    },
  };
}
