/** The linter for programs: `import { lint, Session } from 'scalable-backend'`. */
import { rules as ownRules } from '../rules/catalogue.gen.ts';
import { recognisers as ownRecognisers } from './extract/catalogue.gen.ts';
import type { Recogniser } from './extract/language.ts';
import { languages } from './extract/languages.gen.ts';
import { diskWorkspace } from './extract/workspace/disk.ts';
import { memoryWorkspace } from './extract/workspace/memory.ts';
import { overlay } from './extract/workspace/overlay.ts';
import { checkAdded, type Present } from './lint/added.ts';
import { nothingKept, type Remembering, remembering } from './lint/cache/memory.ts';
import { stamped } from './lint/cache/stamps.ts';
import { installedState } from './lint/cache/store.ts';
import type { Finding, Report } from './lint/finding.ts';
import { lint as run } from './lint/lint.ts';
import { merged } from './lint/merged.ts';
import type { Path } from './model/facts.ts';
import type { Rule } from './model/rule.ts';
import type { Workspace } from './model/workspace.ts';
import { reporters } from './report/catalogue.gen.ts';

/** For `options` of rules. */
export { z } from 'zod';
export type { AnnotationView, CallView, Expr, Recogniser } from './extract/language.ts';
export type { Coverage, Finding, JudgedGap, Report } from './lint/finding.ts';
export { withFixes } from './lint/fix/fix.ts';
export type { Fact, FactKind, FactMap, Path, Span, Sym, Value } from './model/facts.ts';
export { KnownError } from './model/known-error.ts';
export type { Rule, Severity, Violation } from './model/rule.ts';
export type { Confidence, Evidence, NodeId, Relation, System, SystemNode } from './model/system.ts';
export type { Workspace } from './model/workspace.ts';

export interface LintOptions {
  /** Rules beside those of the linter; `architecture.yaml` may set them by their id. */
  readonly rules?: readonly Rule[];
  /** Recognisers beside those of the linter, by language (`typescript`, `python`, `java`). */
  readonly recognisers?: Readonly<Record<string, readonly Recogniser[]>>;
  /** Ids of the only rules to run. */
  readonly only?: readonly string[];
  readonly owner?: string;
  readonly maxWarnings?: number;
  /** The day as of which suppressions are judged; default: today. */
  readonly today?: string;
}

/**
 * Lints a folder, or any workspace. Findings are in the report and make nothing throw; a wrong configuration throws a
 * `KnownError` with its place and what to do next.
 */
export const lint = (where: string | Workspace, options: LintOptions = {}): Promise<Report> =>
  lintWith(typeof where === 'string' ? diskWorkspace(where) : where, options);

/** Files in memory as something to lint: an editor's, a test's. */
export const filesOf = (files: Readonly<Record<Path, string | Uint8Array>>): Workspace =>
  memoryWorkspace(Object.entries(files));

/**
 * A report in one of the formats of `lint --format`; SARIF has the fixes that `withFixes` found. Throws for a format that
 * does not exist.
 */
export function render(report: Report, format: string, version = ''): string {
  const reporter = reporters.find(({ id }) => id === format);
  if (!reporter) throw new Error(`There is no report '${format}', only ${reporters.map(({ id }) => id).join(', ')}.`);
  return reporter.render(report, { color: false, version });
}

/** The findings of one rule over files in memory, for its tests; `architecture.yaml` may be one of them. */
export async function findingsOf(
  rule: Rule,
  files: Readonly<Record<Path, string>>,
  options: Omit<LintOptions, 'only' | 'rules'> = {},
): Promise<readonly Finding[]> {
  const { findings } = await lint(filesOf(files), { ...options, rules: [rule], only: [rule.id] });
  return findings.filter((finding) => finding.rule === rule.id);
}

/**
 * Tests a rule as those of the linter are tested: over `ok` it must look at something and find nothing, over `bad` it must
 * find something; a `findings.txt` in `bad` is the exact report. Throws an
 * `Error` that says what is otherwise, and returns what was found in `bad`.
 */
export async function testRule(
  rule: Rule,
  cases: Readonly<Record<'ok' | 'bad', Readonly<Record<Path, string>>>>,
  options: Omit<LintOptions, 'only' | 'rules'> = {},
): Promise<readonly Finding[]> {
  const over = async (name: 'ok' | 'bad') => {
    const { 'findings.txt': expected, ...files } = cases[name];
    const report = await lint(filesOf(files), { ...options, rules: [rule], only: [rule.id] });
    const text = render(report, 'text');
    const wrong = (what: string): Error => new Error(`${rule.id}: ${name} ${what}\n\n${text}`);
    if (report.problems.length > 0) throw wrong('could not be checked.');
    const { subjects } = report.coverage.rules.find((each) => each.rule.id === rule.id) ?? { subjects: 0 };
    if (subjects === 0) throw wrong(`has no ${rule.subject} in production: the rule did not look at anything.`);
    if (expected !== undefined && text !== expected)
      throw wrong(`should be reported as findings.txt says:\n\n${expected}\n\nbut is as here:`);
    return { report, wrong };
  };
  const [ok, bad] = [await over('ok'), await over('bad')];
  if (ok.report.findings.length > 0) throw ok.wrong('should have no findings.');
  const found = bad.report.findings.filter((finding) => finding.rule === rule.id);
  if (found.length === 0) throw bad.wrong('should have findings.');
  return found;
}

/** Lints a folder again and again while files change: only what an edit may have changed is found out anew. */
export class Session {
  readonly #root: string;
  readonly #options: LintOptions;
  readonly #changes = new Map<Path, string | undefined>();
  readonly #stamped: ReturnType<typeof stamped>;
  #kept = nothingKept;

  constructor(root: string, options: LintOptions = {}) {
    this.#root = root;
    this.#options = options;
    this.#stamped = stamped(root);
  }

  /** An unsaved file as the editor has it; `undefined`: it is gone. Paths are relative to the root, with slashes. */
  update(path: Path, text: string | undefined): void {
    this.#changes.set(path, text);
  }

  /** The file is again what is on the disk. */
  saved(path: Path): void {
    this.#changes.delete(path);
  }

  async lint(): Promise<Report> {
    const disk = diskWorkspace(this.#root);
    const { identify, size } = this.#stamped(disk, this.#changes);
    const workspace = overlay({ ...disk, size }, this.#changes);
    const found = remembering(this.#kept, { workspace, identify, installed: installedState(this.#root) });
    const report = await lintWith(workspace, this.#options, found);
    this.#kept = found.kept();
    return report;
  }
}

const present = {
  rules: ownRules,
  recognisers: ownRecognisers,
  languages: Object.keys(ownRecognisers),
} satisfies Present;

async function lintWith(workspace: Workspace, options: LintOptions, found?: Remembering): Promise<Report> {
  const { rules, recognisers, today = new Date().toISOString().slice(0, 10), ...rest } = options;
  const added = checkAdded({ ...(rules && { rules }), ...(recognisers && { recognisers }) }, present);
  return run({
    workspace,
    extractors: { languages, recognisers: merged(present.recognisers, added.recognisers) },
    rules: [...present.rules, ...added.rules],
    today,
    ...(found && { remembering: found }),
    ...rest,
  });
}
