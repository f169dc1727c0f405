import type { Rule } from '../model/rule.ts';

type Prose = Pick<Rule, 'id' | 'title' | 'why' | 'fix' | 'source'>;

/** What is wrong with a suppression is reported under this name, like a rule's findings. */
export const SUPPRESSION_RULE: Prose = {
  id: 'suppression',
  title: 'A suppression has a reason and accepts something',
  why: 'A suppression that expired, or that accepts nothing any more, hides the next violation in its place.',
  fix: 'Remove it, or renew it with a reason and a date.',
  source: 'ENG: packwerk, import-linter (unmatched ignores are errors)',
};

/** What is wrong with a baseline is reported under this name. */
export const BASELINE_RULE: Prose = {
  id: 'baseline',
  title: 'A baseline only shrinks',
  why: 'An accepted violation that is gone would be accepted again when somebody brings it back.',
  fix: 'Take it out of the baseline: scalable-backend lint --update-baseline.',
  source: 'ENG: packwerk (stale todo entries are errors)',
};
/** What the linter itself has to say about what accepts findings. */
export const OWN_RULES: readonly Prose[] = [SUPPRESSION_RULE, BASELINE_RULE];

/** Rules of a dependency-cruiser configuration are called this and their name. */
export const FOREIGN = 'dependency-cruiser/';
