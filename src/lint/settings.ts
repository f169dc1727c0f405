import { isDeepStrictEqual } from 'node:util';
import type { Fragment, Key, Loaded } from '../blueprint/load.ts';
import { closest } from '../blueprint/nearest.ts';
import type { LintSettings } from '../blueprint/schema.ts';
import { mayLoosen } from '../extract/discover/fragments.ts';
import { covering } from '../extract/discover/scope.ts';
import type { Path } from '../model/facts.ts';
import { KnownError, type Place } from '../model/known-error.ts';
import type { Rule, Severity } from '../model/rule.ts';
import { governing, type LintPlan, type RulePlan, type RuleStatement } from './statements.ts';

type Given = NonNullable<LintSettings['rules']>[string];
const preset = (rule: Rule, wanted: 'recommended' | 'strict' | 'review') => rule.presets.includes(wanted);

/**
 * Which rules run, how severe each is where, and with which options. `only` keeps the named rules and switches them on.
 * `paths`: the files of the system. Throws a `KnownError` for a name or an option that no rule has, and where a module
 * loosens what the root does not let it.
 */
export function planLint(
  rules: readonly Rule[],
  loaded: Loaded | undefined,
  paths: readonly Path[],
  only?: readonly string[],
): LintPlan {
  const lint = loaded?.architecture.lint ?? {};
  checkNames(rules, loaded, only);
  const plans = rules.flatMap((rule): RulePlan[] => {
    const wanted = only === undefined || only.includes(rule.id);
    const fallback = (on: boolean) => (on ? rule.severity : 'off');
    const inPreset = preset(rule, lint.extends ?? 'recommended');
    const root = rootStatements(rule, loaded, fallback(inPreset));
    const tightened = (loaded?.fragments ?? []).flatMap((fragment) => {
      const own = fragmentStatements(rule, fragment);
      for (const each of own) checkTightens(each, { rule, root, fragment, loaded: loaded!, paths });
      return own;
    });
    if (!wanted) return [];
    const running = rootStatements(rule, loaded, fallback(inPreset || only !== undefined));
    return [{ rule, statements: [...running, ...tightened] }];
  });
  const { severity = 'warning', confidence = 'likely' } = lint.failOn ?? {};
  return { rules: plans, failOn: { severity, confidence }, only: only !== undefined };
}

type Statements = RulePlan['statements'];
function rootStatements(rule: Rule, loaded: Loaded | undefined, fallback: Severity | 'off'): Statements {
  const lint = loaded?.architecture.lint ?? {};
  const given = lint.rules?.[rule.id];
  const stated = statement(rule, given ?? fallback, given === undefined ? undefined : loaded, [
    'lint',
    'rules',
    rule.id,
  ]);
  const place = given === undefined && lint.extends !== undefined ? loaded?.at(['lint', 'extends']) : undefined;
  const base = { ...(place && { place }), options: stated.options ?? parsed(rule, {}), ...stated };
  const overrides = (lint.overrides ?? []).flatMap(({ paths, rules }, i) => {
    const given = rules[rule.id];
    if (given === undefined) return [];
    return [{ ...statement(rule, given, loaded, ['lint', 'overrides', i, 'rules', rule.id]), scope: { paths } }];
  });
  return [base, ...overrides];
}

function fragmentStatements(rule: Rule, { settings: { lint = {} }, within, at }: Fragment): RuleStatement[] {
  const whole = lint.rules?.[rule.id];
  const overrides = (lint.overrides ?? []).flatMap(({ paths, rules }, i) => {
    const given = rules[rule.id];
    if (given === undefined) return [];
    const key: Key = ['lint', 'overrides', i, 'rules', rule.id];
    return [{ ...statement(rule, given, { at }, key), scope: { paths, within } }];
  });
  if (whole === undefined) return overrides;
  return [{ ...statement(rule, whole, { at }, ['lint', 'rules', rule.id]), scope: { within } }, ...overrides];
}

function statement(rule: Rule, given: Given, file: Pick<Loaded, 'at'> | undefined, key: Key): RuleStatement {
  const place = file?.at(key);
  if (!Array.isArray(given)) return { severity: given, ...(place && { place }) };
  const [severity, options] = given;
  const places = place && { place, optionsPlace: file?.at([...key, 1]) ?? place };
  return { severity, options: parsed(rule, options, file, key), ...places };
}

function parsed(rule: Rule, options: unknown, file?: Pick<Loaded, 'at'>, key: Key = []): unknown {
  const result = rule.options.safeParse(options);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = file?.at([...key, 1, ...(issue?.path ?? []).map(String)]);
  throw new KnownError(`Options of ${rule.id}: ${issue?.message ?? 'not valid'}.`, {
    next: `See what it takes: scalable-backend explain ${rule.id}`,
    ...(place && { place }),
  });
}

interface Comparing {
  readonly rule: Rule;
  readonly root: Statements;
  readonly fragment: Fragment;
  readonly loaded: Loaded;
  readonly paths: readonly Path[];
}
const severities: readonly (Severity | 'off')[] = ['off', 'info', 'warning', 'error'];

/** A module may say more than the root of each of its files, never less; options cannot be compared. */
function checkTightens(stated: RuleStatement, { rule: { id }, root, fragment, loaded, paths }: Comparing): void {
  if (mayLoosen(loaded, fragment, { rule: id })) return;
  const before = governing({ statements: root });
  const rank = (severity: Severity | 'off') => severities.indexOf(severity);
  const refuse = (why: string): never => {
    throw new KnownError(`A module may only tighten what the root says: ${why}.`, {
      ...(stated.place && { place: stated.place }),
      next: `Remove it, or let the root allow it: lint: { delegate: [{ to: ${fragment.module}, rules: [${id}] }] }`,
    });
  };
  for (const path of paths.filter(covering(stated.scope ?? {}))) {
    const { severity, options } = before(path);
    if (rank(stated.severity) < rank(severity)) refuse(`${id} is '${severity}' for ${path}, not '${stated.severity}'`);
    if (stated.options !== undefined && !isDeepStrictEqual(stated.options, options))
      refuse(`${id} has other options for ${path}`);
  }
}

/** Every name of a rule in the configuration must be one. */
function checkNames(rules: readonly Rule[], loaded: Loaded | undefined, only: readonly string[] = []): void {
  const ids = rules.map(({ id }) => id);
  for (const id of only) known(id, ids);
  if (!loaded) return;
  const { architecture, at, fragments } = loaded;
  architecture.lint?.delegate?.forEach(({ rules: named = [] }, i) => {
    for (const [j, id] of named.entries()) known(id, ids, at(['lint', 'delegate', i, 'rules', j]));
  });
  for (const { lint = {}, at } of [{ lint: architecture.lint, at: loaded.at }, ...fragments.map(asSettings)]) {
    for (const id of Object.keys(lint.rules ?? {})) known(id, ids, at(['lint', 'rules', id]));
    lint.overrides?.forEach((override, i) => {
      for (const id of Object.keys(override.rules)) known(id, ids, at(['lint', 'overrides', i, 'rules', id]));
    });
    for (const [i, { rule }] of (lint.suppress ?? []).entries()) known(rule, ids, at(['lint', 'suppress', i, 'rule']));
  }
  for (const fragment of fragments) {
    for (const [i, { rule }] of (fragment.settings.lint?.suppress ?? []).entries()) {
      if (mayLoosen(loaded, fragment, { rule })) continue;
      throw new KnownError(`${fragment.module} may not suppress ${rule}: that loosens what the root says.`, {
        place: fragment.at(['lint', 'suppress', i]),
        next: `Remove it, or let the root allow it: lint: { delegate: [{ to: ${fragment.module}, rules: [${rule}] }] }`,
      });
    }
  }
}
const asSettings = ({ settings, at }: Fragment) => ({ lint: settings.lint, at });

function known(id: string, ids: readonly string[], place?: Place): void {
  if (ids.includes(id)) return;
  const near = closest(id, ids);
  throw new KnownError(`There is no rule '${id}'.`, {
    next: near
      ? `Did you mean '${near}'?`
      : 'List them with: scalable-backend rules (your own are in the file of --rules).',
    ...(place && { place }),
  });
}
