import type { Loaded } from '../blueprint/load.ts';
import { checkPatterns, ignoring, loadArchitecture } from '../extract/discover/architecture.ts';
import { isArchitecture } from '../extract/discover/scope.ts';
import type { Language } from '../extract/language.ts';
import type { Memory } from '../extract/memory.ts';
import { type Extractors, readFiles } from '../extract/read-files.ts';
import { buildSystem, type SystemModel } from '../extract/system/build.ts';
import { restrict } from '../extract/system/restrict.ts';
import { configurationGaps } from '../extract/typescript/configuration-gaps.ts';
import type { FactKind, Span } from '../model/facts.ts';
import { KnownError, type Place } from '../model/known-error.ts';
import type { Rule, Violation } from '../model/rule.ts';
import type { Evidence, NodeKind } from '../model/system.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Remembering } from './cache/memory.ts';
import type { Checked, Unchecked } from './checked.ts';
import { type Concluding, conclude, sources } from './conclude.ts';
import type { Report, RuleResult } from './finding.ts';
import { planLint } from './settings.ts';
import { governing, type RulePlan, type Statement } from './statements.ts';
import { statedLint, suppressionsOf } from './suppressions.ts';
import { unreadCode } from './unread.ts';

export interface Checking {
  readonly workspace: Workspace;
  readonly extractors: Extractors;
  readonly rules: readonly Rule[];
  /** Names of the only rules to run. */
  readonly only?: readonly string[];
  /** What earlier runs found out. */
  readonly remembering?: Remembering;
}
export interface LintInput extends Checking, Concluding {}

/** discover → extract → link → model → rules → settle. Throws a `KnownError` for a configuration that is wrong. */
export const lint = async (input: LintInput): Promise<Report> => conclude(await check(input), input);

/** discover → extract → link → model → rules. Throws a `KnownError` for a configuration that is wrong. */
export async function check({ workspace, extractors, rules, only, remembering }: Checking): Promise<Checked> {
  const { model, loaded, paths, languages } = await readSystem(workspace, extractors, remembering);
  if (loaded) checkPatterns(loaded, workspace.files.keys());
  const plan = planLint(rules, loaded, paths, only);
  const running = plan.rules.filter(({ statements }) => statements.some(({ severity }) => severity !== 'off'));
  const ran = running.map(({ rule }) => ({ rule: proseOf(rule), subjects: subjectsOf(model, rule.subject) }));
  const problems: string[] = [];
  const violations = running.flatMap((each, i) => {
    if (ran[i]!.subjects === 0) return [];
    const { id } = each.rule;
    try {
      return [...violationsOf(model, each, remembering?.memory)].map((violation) => ({ rule: id, violation }));
    } catch (error) {
      if (error instanceof KnownError) throw error;
      problems.push(`The rule '${id}' failed: ${error instanceof Error ? error.message : String(error)}.`);
      return [];
    }
  });
  const source = sources(workspace);
  const lineAt = ({ file, line = 1 }: Place): Evidence => ({ path: file, span: lineSpan(source(file), line) });
  const unread = unreadCode(paths, (path) => model.files.has(path));
  const problem = nothingChecked(model, paths.length, languages, unread);
  return {
    plan: {
      ...plan,
      rules: plan.rules.map(({ rule, statements }) => ({ rule: proseOf(rule), statements: severitiesOf(statements) })),
    },
    ran,
    violations,
    suppressions: suppressionsOf(model, loaded, lineAt),
    gaps: model.gaps.map((gap) => [gap, model.roles.get(gap.path)?.includes('production') ?? true] as const),
    unchecked: uncheckedIn(loaded, lineAt),
    limits: (loaded?.fragments ?? []).flatMap(({ module, settings, at }) => {
      const maxWarnings = settings.lint?.maxWarnings;
      return maxWarnings === undefined ? [] : [{ module, maxWarnings, file: at([]).file }];
    }),
    coverage: {
      ignored: workspace.files.size - paths.length,
      files: {
        seen: paths.length,
        read: model.files.size,
        parsed: model.files.size - unparsed(model),
        owned: owned(model),
      },
      imports: { seen: model.imports.seen, resolved: model.imports.resolved },
      unread,
      declared: model.inventory.declared,
      modules: model.nodes.module.length,
      deployables: model.nodes.deployable.length,
    },
    owning: {
      modules: model.inventory.modules.map(({ name, path }) => ({ name, path })),
      deployables: model.inventory.deployables.map(({ name, path }) => ({ name, path })),
    },
    problems: [...(problem === undefined ? [] : [problem]), ...problems],
  };
}

const proseOf = ({ id, title, why, fix, source }: Rule): RuleResult['rule'] => ({ id, title, why, fix, source });

/** Reads and links a workspace, with what its `architecture.yaml` says about it. */
export async function readSystem(workspace: Workspace, extractors: Extractors, remembering?: Remembering) {
  const loaded = loadArchitecture(workspace);
  const ignored = ignoring(loaded);
  const paths = [...workspace.files.keys()].filter((path) => !ignored(path));
  const files = await readFiles(workspace, paths, extractors, remembering?.memory);
  const reading = { ...files, gaps: [...files.gaps, ...configurationGaps(remembering?.linking ?? workspace, paths)] };
  const languages = new Set(reading.languages.values());
  const model = buildSystem(remembering?.linking ?? workspace, reading, loaded, extractors, remembering?.memory);
  return { model, loaded, paths, languages };
}

const severitiesOf = ([base, ...others]: RulePlan['statements']): Checked['plan']['rules'][number]['statements'] => {
  const severityOf = ({ severity, scope }: Statement): Statement => ({ severity, ...(scope && { scope }) });
  return [severityOf(base), ...others.map(severityOf)];
};

/** Runs a rule once per set of options, and keeps what each set governs. */
function* violationsOf(model: SystemModel, plan: RulePlan, memory: Memory | undefined): Iterable<Violation> {
  const system = restrict(model, plan.rule.reads, plan.rule.id);
  const settingOf = governing(plan);
  const stated = plan.statements.filter((each) => each.options !== undefined);
  const byOptions = new Map(stated.map(({ options }) => [JSON.stringify(options), options]));
  for (const [key, options] of byOptions) {
    const compute = () => [...plan.rule.check(system, options)];
    const all = memory && !plan.rule.fresh ? memory.violations(plan.rule.id, options, compute) : compute();
    for (const violation of all) if (JSON.stringify(settingOf(violation.at[0].path).options) === key) yield violation;
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

function nothingChecked(
  { files, gaps }: SystemModel,
  seen: number,
  languages: ReadonlySet<Language>,
  unread: readonly { readonly language: string }[],
): string | undefined {
  const code = [...files.keys()].filter((path) => !isArchitecture(path));
  if (code.length === 0 && gaps.length === 0) {
    return `No source file was found among ${seen} files: there is nothing that could be checked.`;
  }
  if (unread.length === 0 || [...languages].some(({ link }) => link)) return undefined;
  return `The code here is ${unread.map(({ language }) => language).join(', ')}, which this version does not read.`;
}

const uncheckedIn = (loaded: Loaded | undefined, lineAt: (place: Place) => Evidence): Unchecked[] =>
  statedLint(loaded).flatMap(({ lint, within, at }) =>
    (lint.unchecked ?? []).map(({ path, reason, until }, i) => ({
      path,
      ...(within && { within }),
      reason,
      until,
      evidence: lineAt(at(['lint', 'unchecked', i])),
    })),
  );

function lineSpan(text: string, line: number): Span {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  return [start, end === -1 ? text.length : end];
}
