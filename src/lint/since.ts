import type { Path } from '../model/facts.ts';
import { acceptance } from './baseline.ts';
import type { Finding, Report, Settled } from './finding.ts';

/**
 * What a report says that an earlier one did not: a finding stays with the atoms that are new, as multisets and after
 * renames. What could not be checked, and whatever else fails a run, stays as it is.
 */
export function introducedSince(
  head: Report,
  base: Settled & Pick<Report, 'place'>,
  { commit, renamed }: { readonly commit: string; readonly renamed: ReadonlyMap<Path, Path> },
): Report {
  // Atoms name a file by its place; those of other programs' rules by its path.
  const moved = new Map([...renamed, ...[...renamed].map(([from, to]) => [base.place(from), head.place(to)] as const)]);
  const now = (atom: string) => atom.replace(/[^#<>]+/g, (part) => moved.get(part) ?? part);
  const before = [...base.findings, ...base.suppressed, ...base.accepted];
  const byRule = Map.groupBy(before, ({ rule }) => rule);
  const atoms = [...byRule].map(([rule, all]) => [rule, all.flatMap((each) => each.atoms.map(now))] as const);
  const known = acceptance(new Map([[commit, Object.fromEntries(atoms)]]));
  // What is accepted anyway was so before, or stands for as much of what was.
  for (const { rule, atoms } of [...head.suppressed, ...head.accepted]) known.part(rule, atoms);
  const whole = head.findings.filter(({ rule, atoms }) => !known.whole(rule, atoms));
  const findings = whole.flatMap((finding): Finding[] => {
    const added = known.part(finding.rule, finding.added ?? finding.atoms);
    if (added.length === 0) return [];
    return [added.length === finding.atoms.length ? finding : { ...finding, added }];
  });
  const failing = head.exceeded !== undefined || findings.some(({ fails }) => fails);
  const rules = head.coverage.rules.map((result) => ({
    ...result,
    findings: findings.filter(({ rule }) => rule === result.rule.id).length,
  }));
  return {
    ...head,
    findings,
    coverage: { ...head.coverage, rules },
    since: { commit, known: head.findings.length - findings.length },
    exitCode: head.problems.length > 0 ? 2 : failing ? 1 : 0,
  };
}
