import { covering } from '../extract/discover/scope.ts';
import type { Unchecked, UnjudgedGap } from './checked.ts';
import type { JudgedGap } from './finding.ts';
import type { Trouble } from './suppressions.ts';

/** Which gaps block, which are accepted by `lint.unchecked`, and which of its entries accept nothing or have ended. */
export function judgeGaps(
  unjudged: readonly UnjudgedGap[],
  unchecked: readonly Unchecked[],
  today: string,
): { readonly gaps: JudgedGap[]; readonly troubles: Trouble[] } {
  const entries = unchecked.map((entry) => ({ ...entry, matches: covering({ ...entry, paths: [entry.path] }) }));
  const gaps = unjudged.map(([gap, production]): JudgedGap => {
    const accepted = entries.find(({ matches, until }) => until >= today && matches(gap.path));
    const blocks = !accepted && production && gap.why !== 'computed';
    return { ...gap, blocks, ...(accepted && { accepted: { reason: accepted.reason, until: accepted.until } }) };
  });
  const troubles = entries.flatMap(({ path, until, matches, evidence }): Trouble[] => {
    const needed = unjudged.some(([gap]) => matches(gap.path));
    const message = !needed
      ? `lint.unchecked accepts nothing at ${path}: everything there could be checked.`
      : until < today
        ? `lint.unchecked of ${path} ended on ${until}.`
        : undefined;
    if (message === undefined) return [];
    return [{ message, evidence, atom: `${path}#unchecked` }];
  });
  return { gaps, troubles };
}
