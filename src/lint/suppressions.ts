import type { Loaded } from '../blueprint/load.ts';
import type { Scope } from '../extract/discover/scope.ts';
import type { SystemModel } from '../extract/system/build.ts';
import type { Path, Span } from '../model/facts.ts';
import type { Place } from '../model/known-error.ts';
import type { Evidence } from '../model/system.ts';

/** An accepted finding with a reason, an owner and the date on which it ends. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
  readonly evidence: Evidence;
  readonly where: string;
  /** What it covers: a part of a file, or every file of a scope. */
  readonly covers: { readonly path: Path; readonly span: Span } | Scope;
}

/** What is wrong with something that accepts findings or gaps. */
export interface Trouble {
  readonly message: string;
  readonly evidence: Evidence;
  readonly atom: string;
}

/** What the root and each module that has a file of its own say under `lint`. */
export function statedLint(loaded: Loaded | undefined) {
  if (!loaded) return [];
  const { architecture, at, fragments } = loaded;
  return [
    { lint: architecture.lint ?? {}, within: undefined, at },
    ...fragments.map(({ settings, within, at }) => ({ lint: settings.lint ?? {}, within, at })),
  ];
}

/** Suppressions of `architecture.yaml` files, whose lines `lineAt` finds, and of comments in files. */
export function suppressionsOf(
  model: SystemModel,
  loaded: Loaded | undefined,
  lineAt: (place: Place) => Evidence,
): Suppression[] {
  const written = statedLint(loaded).flatMap(({ lint, within, at }) =>
    (lint.suppress ?? []).map(({ rule, reason, owner, until, path }, i) => ({
      rule,
      reason,
      ...(owner !== undefined && { owner }),
      ...(until !== undefined && { until }),
      evidence: lineAt(at(['lint', 'suppress', i])),
      where: `${within ? `${within.folder}/` : ''}${path ?? '*'}`,
      covers: { ...(path !== undefined && { paths: [path] }), ...(within && { within }) },
    })),
  );
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
