import type { Within } from '../blueprint/load.ts';
import type { Owning } from '../extract/discover/owner.ts';
import type { Gap, Path } from '../model/facts.ts';
import type { Violation } from '../model/rule.ts';
import type { Evidence } from '../model/system.ts';
import type { Coverage, RuleResult } from './finding.ts';
import type { LintPlan, Statement } from './statements.ts';
import type { Suppression } from './suppressions.ts';

/**
 * What a run found out before anything of it is accepted: it follows from the files and the question alone, whatever the
 * day, the baseline and the owners are. All of it is JSON.
 */
export interface Checked {
  /** Every rule that could have run, with its severities. */
  readonly plan: LintPlan<RuleResult['rule'], Statement>;
  /** Rules that ran, and how many subjects each had. */
  readonly ran: readonly Pick<RuleResult, 'rule' | 'subjects'>[];
  readonly violations: readonly { readonly rule: string; readonly violation: Violation }[];
  readonly suppressions: readonly Suppression[];
  readonly gaps: readonly UnjudgedGap[];
  readonly unchecked: readonly Unchecked[];
  /** How many warnings a module may have, as its own file says. */
  readonly limits: readonly { readonly module: string; readonly maxWarnings: number; readonly file: Path }[];
  readonly coverage: Omit<Coverage, 'gaps' | 'rules'>;
  readonly owning: { readonly modules: readonly Owning[]; readonly deployables: readonly Owning[] };
  /** Why nothing could be concluded, whatever is accepted. */
  readonly problems: readonly string[];
}
/** `production`: of a file that is part of what runs. */
export type UnjudgedGap = readonly [gap: Gap, production: boolean];
/** An entry of `lint.unchecked`, and where it stands. */
export interface Unchecked {
  readonly path: string;
  readonly within?: Within;
  readonly reason: string;
  readonly until: string;
  readonly evidence: Evidence;
}
