import { z } from 'zod';
import { closest } from '../blueprint/nearest.ts';
import type { Emit, Recogniser, Views } from '../extract/language.ts';
import type { Extractors } from '../extract/read-files.ts';
import { factKinds } from '../model/facts.ts';
import { KnownError } from '../model/known-error.ts';
import type { Rule, Violation } from '../model/rule.ts';
import { nodeKinds, relationKinds } from '../model/system.ts';
import { OWN_RULES } from './own-rules.ts';

/** Rules and recognisers that somebody else wrote, beside those of the linter. */
export interface Added {
  readonly rules: readonly Rule[];
  /** By language. */
  readonly recognisers: Readonly<Record<string, readonly Recogniser[]>>;
}
/** What an addition may not be mistaken for. */
export interface Present {
  readonly rules: readonly Pick<Rule, 'id'>[];
  readonly recognisers: Extractors['recognisers'];
  /** Ids of the languages that ask recognisers. */
  readonly languages: readonly string[];
}

const text = z.string().min(1);
const list = <T extends z.ZodType>(of: T) => z.array(of).min(1);
const method = z.custom<() => unknown>((value) => typeof value === 'function', { error: 'expected a function' });
const id = z
  .string({ error: 'expected a name' })
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected lower-case words joined by single hyphens');
const ruleShape = z.looseObject({
  id,
  title: text,
  why: text,
  fix: text,
  source: text,
  severity: z.enum(['error', 'warning', 'info']),
  presets: list(z.enum(['recommended', 'strict', 'review'])),
  reads: list(z.enum([...nodeKinds, ...relationKinds, ...factKinds])),
  subject: z.enum([...nodeKinds, ...factKinds]),
  options: z.custom<z.ZodType>((value) => typeof (value as z.ZodType | undefined)?.safeParse === 'function', {
    error: 'expected a schema of zod: z.unknown() for a rule without options',
  }),
  fresh: z.literal(true).optional(),
  check: method,
});
const recogniserShape = z.looseObject({
  id: z.string({ error: 'expected a name' }).regex(/^[a-z-]+\/[a-z0-9-]+$/, 'expected <language>/<library>'),
  version: z.int(),
  emits: list(z.enum([...factKinds])),
  when: z.strictObject({ imports: list(text).optional(), text: z.instanceof(RegExp).optional() }),
  on: z.strictObject({
    call: method.optional(),
    create: method.optional(),
    annotation: method.optional(),
    assign: method.optional(),
  }),
});
const span = z.tuple([z.int().min(0), z.int().min(0)]);
const evidence = z.object({ path: text, span, note: z.string().optional() });
const violationShape = z.object({
  subject: z.string().regex(new RegExp(`^(?:${nodeKinds.join('|')}):`, 's'), 'expected <kind>:<name> of a node'),
  atoms: list(text),
  message: text,
  at: z.tuple([evidence], evidence),
  confidence: z.enum(['certain', 'likely', 'possible']),
  measure: z.object({ value: z.number(), limit: z.number() }).optional(),
});

/**
 * Additions that have the right shape and names of their own; what they say is checked as well, when they say it. `file`:
 * where they are from, if they are from one. Throws a `KnownError` with what was expected.
 */
export function checkAdded(added: Partial<Added>, present: Present, file?: string): Added {
  const refuse = refusing(file);
  const { rules = [], recognisers = {} } = added;
  if (!Array.isArray(rules)) refuse('`rules` is no list.', 'Give a list of rules.');
  if (typeof recognisers !== 'object' || recognisers === null || Array.isArray(recognisers))
    refuse('`recognisers` is no object.', 'Give lists by language: { typescript: [...] }.');
  const taken = new Map([...present.rules, ...OWN_RULES].map((rule) => [rule.id, 'of the linter']));
  const checked = rules.map((rule, i) => {
    conforms(ruleShape, rule, nameOf('rule', rule, i), refuse);
    claim(taken, rule.id, 'rule', refuse);
    return { ...rule, check: (...args: Parameters<Rule['check']>) => violationsOf(rule, args) };
  });
  const known = new Map(
    Object.values(present.recognisers)
      .flat()
      .map((recogniser) => [recogniser.id, 'of the linter']),
  );
  const byLanguage = Object.entries(recognisers).map(([language, all]) => {
    const near = closest(language, present.languages);
    if (!present.languages.includes(language))
      refuse(
        `There are no recognisers of '${language}'.`,
        near ? `Did you mean '${near}'?` : `Use one of: ${present.languages.join(', ')}.`,
      );
    if (!Array.isArray(all)) refuse(`The recognisers of ${language} are no list.`, 'Give a list.');
    const own = all.map((recogniser, i) => {
      conforms(recogniserShape, recogniser, nameOf('recogniser', recogniser, i), refuse);
      claim(known, recogniser.id, 'recogniser', refuse);
      return withName(recogniser);
    });
    return [language, own] as const;
  });
  return { rules: checked, recognisers: Object.fromEntries(byLanguage) };
}

type Refuse = (message: string, next: string) => never;
const refusing =
  (file: string | undefined): Refuse =>
  (message, next) => {
    throw new KnownError(message, { next, ...(file !== undefined && { place: { file } }) });
  };

function nameOf(what: string, value: unknown, i: number): string {
  const { id: name } = (value ?? {}) as { id?: unknown };
  return typeof name === 'string' && name !== '' ? `The ${what} '${name}'` : `The ${what} number ${i + 1}`;
}

function conforms(shape: z.ZodType, value: unknown, name: string, refuse: Refuse): void {
  const problem = problemOf(shape, value);
  if (problem)
    refuse(`${name} is not well formed: ${problem}.`, 'Correct it; the types of the package say what it takes.');
}

/** The first thing that is wrong, with where it is. */
function problemOf(shape: z.ZodType, value: unknown): string | undefined {
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  if (!issue) return undefined;
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  const allowed = issue.code === 'invalid_value' ? ` (${issue.values.map(String).join(', ')})` : '';
  return `${where}${issue.message.replace(/^Invalid input: |: expected one of .*$/g, '')}${allowed}`;
}

function claim(taken: Map<string, string>, name: string, what: string, refuse: Refuse): void {
  const whose = taken.get(name);
  if (whose !== undefined) refuse(`There is a ${what} '${name}' already: one ${whose}.`, 'Give it another name.');
  taken.set(name, 'of yours');
}

function* violationsOf(rule: Rule, args: Parameters<Rule['check']>): Iterable<Violation> {
  for (const violation of rule.check(...args)) {
    const problem = problemOf(violationShape, violation);
    if (problem) throw new Error(`it found something that is not well formed: ${problem}`);
    yield violationShape.parse(violation) as Violation;
  }
}

/** A failure says whose it is; nothing is emitted that was not announced. */
function withName(recogniser: Recogniser): Recogniser {
  const named = <V>(ask: (view: V, emit: Emit) => void) =>
    function asked(view: V, emit: Emit) {
      const announced: Emit = (kind, ...rest) => {
        if (!recogniser.emits.includes(kind)) throw new Error(`it emits '${kind}' without declaring it in 'emits'`);
        emit(kind, ...rest);
      };
      try {
        ask.call(recogniser.on, view, announced);
      } catch (error) {
        throw new KnownError(`the recogniser '${recogniser.id}' failed: ${messageOf(error)}`, {
          next: 'Correct it: what it did not see cannot be checked.',
          cause: error,
        });
      }
    };
  const on = Object.fromEntries(
    Object.entries(recogniser.on).map(([view, ask]) => [view, named(ask as (view: unknown, emit: Emit) => void)]),
  ) as { readonly [V in keyof Views]?: (view: Views[V], emit: Emit) => void };
  return { ...recogniser, on, added: true };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
