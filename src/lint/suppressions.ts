import type { Loaded } from '../blueprint/load.ts';
import { ARCHITECTURE, matcher } from '../extract/discover/architecture.ts';
import type { SystemModel } from '../extract/system/build.ts';
import type { Path, Span } from '../model/facts.ts';
import type { Evidence } from '../model/system.ts';
import type { Finding } from './finding.ts';

/** An accepted finding with a reason, an owner and the date on which it ends. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
  readonly evidence: Evidence;
  readonly where: string;
  covers(finding: Finding): boolean;
}

/** What is wrong with something that accepts findings or gaps. */
export interface Trouble {
  readonly message: string;
  readonly evidence: Evidence;
  readonly atom: string;
}

/** Suppressions of `architecture.yaml` and of comments in files. */
export function suppressionsOf(
  model: SystemModel,
  loaded: Loaded | undefined,
  offset: (path: Path, line: number) => Span,
): Suppression[] {
  const written = (loaded?.architecture.lint?.suppress ?? []).map((entry, i): Suppression => {
    const matches = entry.path === undefined ? () => true : matcher([entry.path]);
    const { line = 1 } = loaded!.at(['lint', 'suppress', i]);
    return {
      rule: entry.rule,
      reason: entry.reason,
      ...(entry.owner !== undefined && { owner: entry.owner }),
      ...(entry.until !== undefined && { until: entry.until }),
      evidence: { path: ARCHITECTURE, span: offset(ARCHITECTURE, line) },
      where: entry.path ?? '*',
      covers: (finding) => finding.rule === entry.rule && finding.at.some(({ path }) => matches(path)),
    };
  });
  const commented = model.facts('suppression').map(
    ({ fact, path }): Suppression => ({
      rule: fact.rule,
      reason: fact.reason,
      ...(fact.owner !== undefined && { owner: fact.owner }),
      ...(fact.until !== undefined && { until: fact.until }),
      evidence: { path, span: fact.span },
      where: path,
      covers: (finding) =>
        finding.rule === fact.rule && finding.at.some((evidence) => inside(evidence, path, fact.covers)),
    }),
  );
  return [...written, ...commented];
}
const inside = (evidence: Evidence, path: Path, [start, end]: Span): boolean =>
  evidence.path === path && evidence.span[0] >= start && evidence.span[0] <= end;
