import type { Loaded } from '../blueprint/load.ts';
import { ARCHITECTURE } from '../extract/discover/architecture.ts';
import type { SystemModel } from '../extract/system/build.ts';
import type { Path, Span } from '../model/facts.ts';
import type { Evidence } from '../model/system.ts';

/** An accepted finding with a reason, an owner and the date on which it ends. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
  readonly evidence: Evidence;
  readonly where: string;
  /** What it covers: a part of a file, or what a glob matches; everything without either. */
  readonly covers: { readonly path: Path; readonly span: Span } | { readonly glob?: string };
}

/** What is wrong with something that accepts findings or gaps. */
export interface Trouble {
  readonly message: string;
  readonly evidence: Evidence;
  readonly atom: string;
}

/** Suppressions of `architecture.yaml`, whose lines `lineIn` finds, and of comments in files. */
export function suppressionsOf(
  model: SystemModel,
  loaded: Loaded | undefined,
  lineIn: (line: number) => Span,
): Suppression[] {
  const written = (loaded?.architecture.lint?.suppress ?? []).map(({ rule, reason, owner, until, path }, i) => {
    const { line = 1 } = loaded!.at(['lint', 'suppress', i]);
    return {
      rule,
      reason,
      ...(owner !== undefined && { owner }),
      ...(until !== undefined && { until }),
      evidence: { path: ARCHITECTURE, span: lineIn(line) },
      where: path ?? '*',
      covers: path === undefined ? {} : { glob: path },
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
      covers: { path, span: fact.covers },
    }),
  );
  return [...written, ...commented];
}
