import type { Rule, Severity, Violation } from '../model/rule.ts';
import type { Confidence } from '../model/system.ts';
import type { Finding } from './finding.ts';
import { governing, type LintPlan, type RulePlan } from './settings.ts';
import type { Suppression } from './suppressions.ts';

/** What is wrong with a suppression is reported under this name, like a rule's findings. */
export const SUPPRESSION_RULE: Pick<Rule, 'id' | 'title' | 'why' | 'fix' | 'source'> = {
  id: 'suppression',
  title: 'A suppression has a reason and accepts something',
  why: 'A suppression that expired, or that accepts nothing any more, hides the next violation in its place.',
  fix: 'Remove it, or renew it with a reason and a date.',
  source: 'ENG: packwerk, import-linter (unmatched ignores are errors)',
};

export interface Settled {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly (Finding & { readonly reason: string })[];
}
export interface Raw {
  readonly plan: RulePlan;
  readonly violation: Violation;
}
/** Atoms that were accepted before, as a multiset per rule; absent: nothing is. */
export type Accepted = (rule: string, atoms: readonly string[]) => boolean;

const severities: readonly Severity[] = ['info', 'warning', 'error'];
const confidences: readonly Confidence[] = ['possible', 'likely', 'certain'];

/** Violations → findings: severity where they are, suppressions (as of `today`), accepted atoms. Never cached. */
export function settle(
  raw: readonly Raw[],
  { rules, failOn }: LintPlan,
  suppressions: readonly Suppression[],
  today: string,
  accepted: Accepted = () => false,
): Settled {
  const fails = (severity: Severity, confidence: Confidence) =>
    confidence !== 'possible' &&
    severities.indexOf(severity) >= severities.indexOf(failOn.severity) &&
    confidences.indexOf(confidence) >= confidences.indexOf(failOn.confidence);
  const findings: Finding[] = [];
  const suppressed: (Finding & { reason: string })[] = [];
  const used = new Set<Suppression>();
  for (const { plan, violation } of raw) {
    const { severity } = governing(plan, violation.at[0].path);
    if (severity === 'off' || accepted(plan.rule.id, violation.atoms)) continue;
    const { subject, atoms, message, at, confidence, measure } = violation;
    const finding: Finding = {
      rule: plan.rule.id,
      severity,
      confidence,
      subject,
      message,
      atoms,
      at,
      fails: fails(severity, confidence),
      ...(measure && { measure }),
    };
    const matching = suppressions.filter((suppression) => suppression.covers(finding));
    for (const suppression of matching) used.add(suppression);
    const valid = matching.find(({ reason, until }) => reason !== '' && (until === undefined || until >= today));
    if (valid) suppressed.push({ ...finding, reason: valid.reason });
    else findings.push(finding);
  }
  const running = new Set(
    rules.filter(({ variants }) => variants.some(({ severity }) => severity !== 'off')).map(({ rule }) => rule.id),
  );
  const known = new Set(rules.map(({ rule }) => rule.id));
  for (const suppression of suppressions) {
    const problem = problemOf(suppression, used.has(suppression), running, known, today);
    if (!problem) continue;
    findings.push({
      rule: SUPPRESSION_RULE.id,
      severity: 'warning',
      confidence: 'certain',
      subject: `file:${suppression.evidence.path}`,
      message: problem,
      atoms: [`${suppression.where}#${suppression.rule}`],
      at: [suppression.evidence],
      fails: fails('warning', 'certain'),
    });
  }
  return { findings: findings.sort(byPlace), suppressed };
}

function problemOf(
  { rule, reason, until }: Suppression,
  used: boolean,
  running: ReadonlySet<string>,
  known: ReadonlySet<string>,
  today: string,
): string | undefined {
  if (!known.has(rule)) return known.size === 1 ? undefined : `There is no rule '${rule}' to suppress.`;
  if (reason === '') return `The suppression of ${rule} gives no reason.`;
  if (until !== undefined && until < today) return `The suppression of ${rule} ended on ${until}.`;
  if (!used && running.has(rule)) return `The suppression of ${rule} accepts nothing.`;
  return undefined;
}

function byPlace(a: Finding, b: Finding): number {
  const [left, right] = [a, b].map(({ at: [{ path, span }], rule }) => [path, span[0], rule] as const) as [
    readonly [string, number, string],
    readonly [string, number, string],
  ];
  if (left[0] !== right[0]) return left[0] < right[0] ? -1 : 1;
  return left[1] - right[1] || (left[2] < right[2] ? -1 : left[2] > right[2] ? 1 : 0);
}
