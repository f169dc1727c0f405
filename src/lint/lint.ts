import { ARCHITECTURE, checkPatterns, loadArchitecture, matcher } from '../extract/discover/architecture.ts';
import type { Language } from '../extract/language.ts';
import type { Memory } from '../extract/memory.ts';
import { type Extractors, readFiles } from '../extract/read-files.ts';
import { buildSystem, type SystemModel } from '../extract/system/build.ts';
import { restrict } from '../extract/system/restrict.ts';
import { textOf } from '../extract/workspace/text.ts';
import type { FactKind, Path } from '../model/facts.ts';
import type { Rule } from '../model/rule.ts';
import type { NodeKind } from '../model/system.ts';
import type { Workspace } from '../model/workspace.ts';
import { readBaseline } from './baseline.ts';
import type { Remembering } from './cache/memory.ts';
import type { Coverage, Finding, Report, RuleResult, Settled } from './finding.ts';
import { judgeGaps } from './gaps.ts';
import { checkOwner, readOwners } from './owners.ts';
import { governing, planLint, type RulePlan } from './settings.ts';
import { type Raw, settle } from './settle.ts';
import { suppressionsOf } from './suppressions.ts';
import { unreadCode } from './unread.ts';

export interface LintInput {
  readonly workspace: Workspace;
  readonly extractors: Extractors;
  readonly rules: readonly Rule[];
  /** Names of the only rules to run. */
  readonly only?: readonly string[];
  /** `2027-01-31`; what expired is judged against it. */
  readonly today: string;
  /** Keeps the findings of this owner alone, as CODEOWNERS names it. */
  readonly owner?: string;
  /** Fails a run that has more warnings. */
  readonly maxWarnings?: number;
  /** What earlier runs found out. */
  readonly remembering?: Remembering;
}

/** discover → extract → link → model → rules → settle. Throws a `KnownError` for a configuration that is wrong. */
export async function lint(input: LintInput): Promise<Report> {
  const { workspace, rules, today } = input;
  const { model, loaded, paths, languages } = await readSystem(workspace, input.extractors, input.remembering);
  if (loaded) checkPatterns(loaded, workspace.files.keys());
  const plan = planLint(rules, loaded, input.only);

  const raw: Raw[] = [];
  const results: { plan: RulePlan; subjects: number }[] = [];
  for (const each of plan.rules) {
    if (each.variants.every(({ severity }) => severity === 'off')) continue;
    const subjects = subjectsOf(model, each.rule.subject);
    results.push({ plan: each, subjects });
    if (subjects > 0) raw.push(...check(model, each, input.remembering?.memory));
  }
  const source = sources(workspace);
  const { gaps, troubles } = judgeGaps(model, loaded, today, (line) => lineSpan(source(ARCHITECTURE), line));
  const suppressions = suppressionsOf(model, loaded, (path, line) => lineSpan(source(path), line));
  const owners = readOwners(workspace);
  if (input.owner !== undefined) checkOwner(owners, input.owner);
  const settled = settle(raw, {
    plan,
    suppressions,
    troubles,
    baseline: readBaseline(workspace),
    today,
    ownersOf: owners.of,
    moduleOf: (path) => model.owner(path, 'module')?.name,
    source,
  });
  const { findings, suppressed, accepted } = input.owner === undefined ? settled : ownedBy(settled, input.owner);

  const coverage: Coverage = {
    ignored: workspace.files.size - paths.length,
    files: {
      seen: paths.length,
      read: model.files.size,
      parsed: model.files.size - unparsed(model),
      owned: owned(model),
    },
    imports: { seen: model.imports.seen, resolved: model.imports.resolved },
    unread: unreadCode(paths, (path) => model.files.has(path)),
    declared: model.inventory.declared,
    modules: model.nodes.module.length,
    deployables: model.nodes.deployable.length,
    gaps,
    rules: results.map(
      ({ plan: { rule }, subjects }): RuleResult => ({
        rule,
        subjects,
        findings: findings.filter((finding) => finding.rule === rule.id).length,
      }),
    ),
  };
  const problems = problemsOf(coverage, model, languages);
  const exceeded = exceeding(findings, input.maxWarnings);
  const failing = exceeded !== undefined || findings.some(({ fails }) => fails);
  const exitCode = problems.length > 0 ? 2 : failing ? 1 : 0;
  return {
    findings,
    suppressed,
    accepted,
    coverage,
    problems,
    exitCode,
    source,
    place: model.place,
    ...(exceeded && { exceeded }),
  };
}

const ownedBy = (settled: Settled, owner: string): Settled => {
  const own = <T extends Finding>(all: readonly T[]) => all.filter(({ owners }) => owners?.includes(owner));
  return { findings: own(settled.findings), suppressed: own(settled.suppressed), accepted: own(settled.accepted) };
};

function exceeding(findings: readonly Finding[], allowed: number | undefined): string | undefined {
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  if (allowed === undefined || warnings <= allowed) return undefined;
  return `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, and --max-warnings allows ${allowed}.`;
}

/** Reads and links a workspace, with what its `architecture.yaml` says about it. */
export async function readSystem(workspace: Workspace, extractors: Extractors, remembering?: Remembering) {
  const loaded = loadArchitecture(workspace);
  const ignored = matcher(loaded?.architecture.lint?.ignore ?? []);
  const paths = [...workspace.files.keys()].filter((path) => !ignored(path));
  const reading = await readFiles(workspace, paths, extractors, remembering?.memory);
  const languages = new Set(reading.languages.values());
  const model = buildSystem(remembering?.linking ?? workspace, reading, loaded, extractors, remembering?.memory);
  return { model, loaded, paths, languages };
}

/** Runs a rule once per set of options, and keeps what each set governs. */
function* check(model: SystemModel, plan: RulePlan, memory: Memory | undefined): Iterable<Raw> {
  const system = restrict(model, plan.rule.reads, plan.rule.id);
  const byOptions = Map.groupBy(plan.variants, ({ options }) => JSON.stringify(options));
  for (const variants of byOptions.values()) {
    const { options } = variants[0]!;
    const compute = () => [...plan.rule.check(system, options)];
    for (const violation of memory && !plan.rule.fresh
      ? memory.violations(plan.rule.id, options, compute)
      : compute()) {
      if (variants.includes(governing(plan, violation.at[0].path))) yield { plan, violation };
    }
  }
}

/** Subjects in production: a rule about calls has nothing to say where only tests make any. */
function subjectsOf(model: SystemModel, kind: NodeKind | FactKind): number {
  if (Object.hasOwn(model.nodes, kind)) return model.nodes[kind as NodeKind].length;
  return model.facts(kind as FactKind).filter(({ path }) => model.roles.get(path)?.includes('production')).length;
}

const unparsed = ({ files }: SystemModel): number => [...files.values()].filter(({ gaps }) => gaps.length > 0).length;
const owned = (model: SystemModel): number =>
  [...model.files.keys()].filter((path) => model.owner(path, 'module') ?? model.owner(path, 'deployable')).length;

function problemsOf(coverage: Coverage, { files, gaps }: SystemModel, languages: ReadonlySet<Language>): string[] {
  const code = [...files.keys()].filter((path) => path !== ARCHITECTURE);
  if (code.length === 0 && gaps.length === 0) {
    return [`No source file was found among ${coverage.files.seen} files: there is nothing that could be checked.`];
  }
  const written = coverage.unread.map(({ language }) => language);
  if (written.length > 0 && ![...languages].some(({ link }) => link)) {
    return [`The code here is ${written.join(', ')}, which this version does not read.`];
  }
  const blocking = coverage.gaps.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return [];
  const many = blocking.length === 1 ? '1 place' : `${blocking.length} places`;
  return [`${many} of production code could not be checked.`];
}

function sources(workspace: Workspace): (path: Path) => string {
  const cache = new Map<Path, string>();
  return (path) => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const bytes = workspace.read(path);
    const text = bytes ? textOf(bytes) : '';
    cache.set(path, text);
    return text;
  };
}
function lineSpan(text: string, line: number): [number, number] {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  return [start, end === -1 ? text.length : end];
}
