import { covering, type Scope } from '../extract/discover/scope.ts';
import type { Path } from '../model/facts.ts';
import type { Place } from '../model/known-error.ts';
import type { Rule, Severity } from '../model/rule.ts';
import type { Confidence } from '../model/system.ts';

/** What is said of a rule in one place, about some files. */
export interface Statement {
  readonly severity: Severity | 'off';
  /** Absent: about every file. */
  readonly scope?: Scope;
}
/** Options are parsed by the rule's own schema; absent: they stay as they are. Places are those of what people wrote. */
export interface RuleStatement extends Statement {
  readonly options?: unknown;
  readonly place?: Place;
  readonly optionsPlace?: Place;
}
/** What is said of a rule: first of the whole system, then of parts of it, later ones winning. */
export interface RulePlan<R = Rule, S extends Statement = RuleStatement> {
  readonly rule: R;
  readonly statements: readonly [S, ...S[]];
}
export interface LintPlan<R = Rule, S extends Statement = RuleStatement> {
  readonly rules: readonly RulePlan<R, S>[];
  readonly failOn: { readonly severity: Severity; readonly confidence: Confidence };
  /** Whether only named rules run. */
  readonly only: boolean;
}

/** What is said of a rule for a path: each statement about it keeps what it does not speak of. */
export function governing<S extends Statement>({
  statements: [base, ...others],
}: {
  readonly statements: readonly [S, ...S[]];
}): (path: Path) => S {
  const scoped = others.map((each) => ({ each, covers: covering(each.scope ?? {}) }));
  return (path) => Object.assign({}, base, ...scoped.flatMap(({ each, covers }) => (covers(path) ? [each] : [])));
}
