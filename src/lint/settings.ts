import type { Key, Loaded } from '../blueprint/load.ts';
import { closest } from '../blueprint/nearest.ts';
import type { LintSettings } from '../blueprint/schema.ts';
import { matcher } from '../extract/discover/patterns.ts';
import type { Path } from '../model/facts.ts';
import { KnownError } from '../model/known-error.ts';
import type { Rule, Severity } from '../model/rule.ts';
import type { Confidence } from '../model/system.ts';

type Given = NonNullable<LintSettings['rules']>[string];
export interface RuleSetting {
  readonly severity: Severity | 'off';
  /** Parsed by the rule's own schema. */
  readonly options: unknown;
}
/** `paths`: of an override, the globs that it speaks of. */
interface Scoped {
  readonly paths?: readonly string[];
}
/** A rule's settings: first those of the whole system, then each override that speaks of it, later ones winning. */
export interface RulePlan<R = Rule, S = RuleSetting> {
  readonly rule: R;
  readonly variants: readonly (S & Scoped)[];
}
export interface LintPlan<R = Rule, S = RuleSetting> {
  readonly rules: readonly RulePlan<R, S>[];
  readonly failOn: { readonly severity: Severity; readonly confidence: Confidence };
  /** Whether only named rules run. */
  readonly only: boolean;
}

const preset = (rule: Rule, wanted: 'recommended' | 'strict' | 'review') => rule.presets.includes(wanted);

/**
 * Which rules run, how severe each is where, and with which options. `only` keeps the named rules and switches them on.
 * Throws a `KnownError` for a name or an option that no rule has.
 */
export function planLint(rules: readonly Rule[], loaded: Loaded | undefined, only?: readonly string[]): LintPlan {
  const lint = loaded?.architecture.lint ?? {};
  const ids = rules.map(({ id }) => id);
  for (const id of only ?? []) known(id, ids);
  for (const id of Object.keys(lint.rules ?? {})) known(id, ids, loaded, ['lint', 'rules', id]);
  lint.overrides?.forEach((override, i) => {
    for (const id of Object.keys(override.rules)) known(id, ids, loaded, ['lint', 'overrides', i, 'rules', id]);
  });
  for (const [i, { rule }] of (lint.suppress ?? []).entries())
    known(rule, ids, loaded, ['lint', 'suppress', i, 'rule']);
  const plans = rules
    .filter(({ id }) => only === undefined || only.includes(id))
    .map((rule): RulePlan => {
      const inPreset = preset(rule, lint.extends ?? 'recommended') || only !== undefined;
      const base = setting(rule, lint.rules?.[rule.id], inPreset ? rule.severity : 'off', loaded, [
        'lint',
        'rules',
        rule.id,
      ]);
      const overrides = (lint.overrides ?? []).flatMap((override, i) => {
        const given = override.rules[rule.id];
        if (given === undefined) return [];
        const key: Key = ['lint', 'overrides', i, 'rules', rule.id];
        return [{ ...setting(rule, given, base.severity, loaded, key), paths: override.paths }];
      });
      return { rule, variants: [base, ...overrides] };
    });
  const { severity = 'warning', confidence = 'likely' } = lint.failOn ?? {};
  return { rules: plans, failOn: { severity, confidence }, only: only !== undefined };
}

function setting(
  rule: Rule,
  given: Given | undefined,
  fallback: Severity | 'off',
  loaded: Loaded | undefined,
  key: Key,
): RuleSetting {
  const [severity, options] = Array.isArray(given) ? given : [given ?? fallback, {}];
  const parsed = rule.options.safeParse(options);
  if (parsed.success) return { severity, options: parsed.data };
  const [issue] = parsed.error.issues;
  const place = loaded?.at([...key, 1, ...(issue?.path ?? []).map(String)]);
  throw new KnownError(`Options of ${rule.id}: ${issue?.message ?? 'not valid'}.`, {
    next: `See what it takes: scalable-backend explain ${rule.id}`,
    ...(place && { place }),
  });
}

function known(id: string, ids: readonly string[], loaded?: Loaded, key?: Key): void {
  if (ids.includes(id)) return;
  const near = closest(id, ids);
  const place = key && loaded?.at(key);
  throw new KnownError(`There is no rule '${id}'.`, {
    next: near ? `Did you mean '${near}'?` : 'List them with: scalable-backend rules',
    ...(place && { place }),
  });
}

/** Which of a rule's settings governs a path. */
export function governing<S extends Scoped>({ variants }: { readonly variants: readonly S[] }): (path: Path) => S {
  const scoped = variants.map(({ paths }) => (paths === undefined ? () => true : matcher(paths)));
  return (path) => variants[scoped.findLastIndex((applies) => applies(path))]!;
}
