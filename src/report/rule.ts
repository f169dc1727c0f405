import type { Report, RuleResult } from '../lint/finding.ts';
import { OWN_RULES } from '../lint/own-rules.ts';

/** The prose of a finding's rule: one that ran, or what the linter says of suppressions and baselines. */
export function ruleOf({ coverage }: Report, id: string): RuleResult['rule'] {
  const rule = coverage.rules.find((result) => result.rule.id === id)?.rule ?? OWN_RULES.find((own) => own.id === id);
  if (!rule) throw new Error(`a finding of ${id}, which did not run`);
  return rule;
}
