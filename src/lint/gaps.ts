import type { Loaded } from '../blueprint/load.ts';
import { ARCHITECTURE, matcher } from '../extract/discover/architecture.ts';
import type { SystemModel } from '../extract/system/build.ts';
import type { Span } from '../model/facts.ts';
import type { JudgedGap } from './finding.ts';
import type { Trouble } from './suppressions.ts';

/** Which gaps block, which are accepted by `lint.unchecked`, and which of its entries accept nothing or have ended. */
export function judgeGaps(
  model: SystemModel,
  loaded: Loaded | undefined,
  today: string,
  spanOf: (line: number) => Span,
): { readonly gaps: JudgedGap[]; readonly troubles: Trouble[] } {
  const entries = (loaded?.architecture.lint?.unchecked ?? []).map((entry) => ({
    ...entry,
    matches: matcher([entry.path]),
  }));
  const gaps = model.gaps.map((gap): JudgedGap => {
    const accepted = entries.find(({ matches, until }) => until >= today && matches(gap.path));
    const roles = model.roles.get(gap.path) ?? ['production'];
    const blocks = !accepted && roles.includes('production');
    return { ...gap, blocks, ...(accepted && { accepted: { reason: accepted.reason, until: accepted.until } }) };
  });
  const troubles = entries.flatMap(({ path, until, matches }, i): Trouble[] => {
    const needed = model.gaps.some((gap) => matches(gap.path));
    const message = !needed
      ? `lint.unchecked accepts nothing at ${path}: everything there could be checked.`
      : until < today
        ? `lint.unchecked of ${path} ended on ${until}.`
        : undefined;
    if (message === undefined) return [];
    const { line = 1 } = loaded!.at(['lint', 'unchecked', i]);
    return [{ message, evidence: { path: ARCHITECTURE, span: spanOf(line) }, atom: `${path}#unchecked` }];
  });
  return { gaps, troubles };
}
