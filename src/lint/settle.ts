import { covering, type Scope } from '../extract/discover/scope.ts';
import { isDay } from '../extract/suppression.ts';
import type { Path } from '../model/facts.ts';
import type { Severity, Violation } from '../model/rule.ts';
import type { Confidence, Evidence } from '../model/system.ts';
import { acceptance, type Baseline } from './baseline.ts';
import type { Checked } from './checked.ts';
import type { Finding, Settled } from './finding.ts';
import { BASELINE_RULE, SUPPRESSION_RULE } from './own-rules.ts';
import { governing } from './statements.ts';
import type { Suppression, Trouble } from './suppressions.ts';

export interface Settling extends Pick<Checked, 'plan' | 'suppressions'> {
  /** What is known to be wrong with accepted gaps. */
  readonly troubles: readonly Trouble[];
  readonly baseline: Baseline;
  /** `2027-01-31`; what expired is judged against it. */
  readonly today: string;
  ownersOf(path: Path): readonly string[];
  moduleOf(path: Path): string | undefined;
  source(path: Path): string;
}

const severities: readonly Severity[] = ['info', 'warning', 'error'];
const confidences: readonly Confidence[] = ['possible', 'likely', 'certain'];

/** Violations → findings: severity where they are, suppressions, baseline, owners. Never cached. */
export function settle(violations: Checked['violations'], settling: Settling): Settled {
  const { plan, baseline, today } = settling;
  const suppressions = settling.suppressions.map((each) => ({ ...each, matches: coverage(each) }));
  const settings = new Map(plan.rules.map((each) => [each.rule.id, governing(each)]));
  const fails = (severity: Severity, confidence: Confidence) =>
    severities.indexOf(severity) >= severities.indexOf(plan.failOn.severity) &&
    confidences.indexOf(confidence) >= confidences.indexOf(plan.failOn.confidence);
  const finding = (rule: string, severity: Severity, violation: Violation): Finding => {
    const [{ path }] = violation.at;
    const [owners, module] = [settling.ownersOf(path), settling.moduleOf(path)];
    return {
      rule,
      severity,
      ...violation,
      fails: fails(severity, violation.confidence),
      ...(module !== undefined && { module }),
      ...(owners.length > 0 && { owners }),
    };
  };
  const own = (rule: string, evidence: Evidence, message: string, atoms: readonly string[]): Finding =>
    finding(rule, 'warning', {
      subject: `file:${evidence.path}`,
      message,
      atoms,
      at: [evidence],
      confidence: 'certain',
    });

  const open: Finding[] = [];
  const suppressed: (Finding & { reason: string })[] = [];
  const used = new Set<Suppression>();
  for (const { rule, violation } of violations) {
    const { severity } = settings.get(rule)!(violation.at[0].path);
    if (severity === 'off') continue;
    const found = finding(rule, severity, violation);
    const matching = suppressions.filter(({ matches }) => matches(found));
    for (const suppression of matching) used.add(suppression);
    const valid = matching.find(({ reason, until }) => reason !== '' && holds(until, today));
    if (valid) suppressed.push({ ...found, reason: valid.reason });
    else open.push(found);
  }
  const accepting = acceptance(baseline);
  const [accepted, others] = partition(open.sort(byPlace), ({ rule, atoms }) => accepting.whole(rule, atoms));
  const grown = others.map((found): Finding => {
    const added = accepting.part(found.rule, found.atoms);
    return added.length < found.atoms.length ? { ...found, added } : found;
  });

  const judged = judging(plan);
  const broken = suppressions.flatMap((suppression): Trouble[] => {
    const message = problemOf(suppression, used.has(suppression), judged, today);
    const { evidence, where, rule } = suppression;
    return message ? [{ message, evidence, atom: `${where}#${rule}` }] : [];
  });
  const troubles = [...broken, ...settling.troubles].map(({ message, evidence, atom }) =>
    own(SUPPRESSION_RULE.id, evidence, message, [atom]),
  );
  const stale = Map.groupBy(
    accepting.left().filter(({ rule }) => judged.running.has(rule) || judged.unknown(rule)),
    ({ path, rule }) => `${path}\0${rule}`,
  );
  for (const [{ path, rule, atom }, ...more] of stale.values() as Iterable<[Left, ...Left[]]>) {
    const start = Math.max(0, settling.source(path).indexOf(JSON.stringify(atom)));
    const many = more.length === 0 ? `'${atom}' is` : `'${atom}' and ${more.length} more are`;
    const evidence = { path, span: [start, start + JSON.stringify(atom).length] as const };
    const atoms = [atom, ...more.map((each) => each.atom)].map((each) => `${rule}:${each}`);
    troubles.push(own(BASELINE_RULE.id, evidence, `${many} accepted for ${rule}, and no longer there.`, atoms));
  }
  return { findings: [...grown, ...troubles].sort(byPlace), suppressed, accepted };
}

/** Which findings a suppression is about. */
function coverage({ rule, covers }: Suppression): (finding: Finding) => boolean {
  const covered = 'span' in covers ? inside(covers) : inScope(covers);
  return (finding) => finding.rule === rule && finding.at.some(covered);
}
const inside =
  ({ path, span: [start, end] }: Pick<Evidence, 'path' | 'span'>) =>
  ({ path: at, span }: Evidence) =>
    at === path && span[0] >= start && span[0] <= end;
const inScope = (scope: Scope) => {
  const covers = covering(scope);
  return ({ path }: Evidence) => covers(path);
};

type Left = ReturnType<ReturnType<typeof acceptance>['left']>[number];

const partition = <T>(all: readonly T[], first: (one: T) => boolean): [T[], T[]] => {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const one of all) (first(one) ? yes : no).push(one);
  return [yes, no];
};

/** Which rules this run has a word on: with `--rule`, the others are neither unknown nor silent. */
function judging({ rules, only }: Checked['plan']) {
  const running = rules.filter(({ statements }) => statements.some(({ severity }) => severity !== 'off'));
  const known = new Set(rules.map(({ rule }) => rule.id));
  return { running: new Set(running.map(({ rule }) => rule.id)), unknown: (id: string) => !only && !known.has(id) };
}

const holds = (until: string | undefined, today: string): boolean =>
  until === undefined || (isDay(until) && until >= today);

function problemOf(
  { rule, reason, until }: Suppression,
  used: boolean,
  { running, unknown }: ReturnType<typeof judging>,
  today: string,
): string | undefined {
  if (unknown(rule)) return `There is no rule '${rule}' to suppress.`;
  if (reason === '') return `The suppression of ${rule} gives no reason.`;
  if (until !== undefined && !isDay(until))
    return `The suppression of ${rule} has an end that is no day: '${until}'. Say it last: until 2027-01-31.`;
  if (!holds(until, today)) return `The suppression of ${rule} ended on ${until}.`;
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
