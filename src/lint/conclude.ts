import { ownerIn, placeIn } from '../extract/discover/owner.ts';
import { textOf } from '../extract/workspace/text.ts';
import { counted } from '../model/counted.ts';
import type { Path } from '../model/facts.ts';
import type { Workspace } from '../model/workspace.ts';
import { readBaseline } from './baseline.ts';
import type { Checked } from './checked.ts';
import type { Coverage, Finding, Report, RuleResult, Settled } from './finding.ts';
import { judgeGaps } from './gaps.ts';
import { checkOwner, readOwners } from './owners.ts';
import { settle } from './settle.ts';

export interface Concluding {
  readonly workspace: Workspace;
  /** `2027-01-31`; what expired is judged against it. */
  readonly today: string;
  /** Keeps the findings of this owner alone, as CODEOWNERS names it. */
  readonly owner?: string;
  /** Fails a run that has more warnings. */
  readonly maxWarnings?: number;
}

/** settle → report: what follows today from what was checked. Throws a `KnownError` for a wrong baseline or owner. */
export function conclude(checked: Checked, { workspace, today, owner, maxWarnings }: Concluding): Report {
  const { modules, deployables } = checked.owning;
  const source = sources(workspace);
  const { gaps, troubles } = judgeGaps(checked.gaps, checked.unchecked, today);
  const owners = readOwners(workspace);
  if (owner !== undefined) checkOwner(owners, owner);
  const moduleOf = ownerIn(modules);
  const settled = settle(checked.violations, {
    plan: checked.plan,
    suppressions: checked.suppressions,
    troubles,
    baseline: readBaseline(workspace),
    today,
    ownersOf: owners.of,
    moduleOf: (path) => moduleOf(path)?.name,
    source,
  });
  const { findings, suppressed, accepted } = owner === undefined ? settled : ownedBy(settled, owner);
  const coverage: Coverage = {
    ...checked.coverage,
    gaps,
    rules: checked.ran.map(
      (ran): RuleResult => ({ ...ran, findings: findings.filter(({ rule }) => rule === ran.rule.id).length }),
    ),
  };
  const problems = [...checked.problems, ...blockingGaps(coverage)];
  const exceeded = exceeding(findings, maxWarnings, checked.limits);
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
    place: placeIn(modules, deployables),
    ...(exceeded && { exceeded }),
  };
}

const ownedBy = (settled: Settled, owner: string): Settled => {
  const own = <T extends Finding>(all: readonly T[]) => all.filter(({ owners }) => owners?.includes(owner));
  return { findings: own(settled.findings), suppressed: own(settled.suppressed), accepted: own(settled.accepted) };
};

function exceeding(
  findings: readonly Finding[],
  allowed: number | undefined,
  limits: Checked['limits'],
): string | undefined {
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const over = (count: number, limit: number, where: string, who: string) =>
    count > limit ? [`${counted(count, 'warning')}${where}, and ${who} allows ${limit}.`] : [];
  const all = [
    ...(allowed === undefined ? [] : over(warnings.length, allowed, '', '--max-warnings')),
    ...limits.flatMap(({ module, maxWarnings, file }) =>
      over(warnings.filter((warning) => warning.module === module).length, maxWarnings, ` in ${module}`, file),
    ),
  ];
  return all.length === 0 ? undefined : all.join(' ');
}

function blockingGaps({ gaps }: Coverage): string[] {
  const blocking = gaps.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return [];
  return [`${counted(blocking.length, 'place')} of production code could not be checked.`];
}

/** Texts by path, each read once and only when it is asked for. */
export function sources(workspace: Workspace): (path: Path) => string {
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
