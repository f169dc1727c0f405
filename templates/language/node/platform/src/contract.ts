import { type Static, type TNull, type TObject, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

export { type Static, Type };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Names of the problems that an operation may answer with, and the HTTP status of each. */
export type Errors = Readonly<Record<string, number>>;

/**
 * One request/response of a module, as its contract states it.
 *
 * `input` is one flat object: path parameters, then the query (GET, DELETE) or the JSON body (others). A property
 * named `version` travels as `If-Match` on writes; an output's `version` begins its `ETag`. Unknown input is
 * refused, unknown output is removed. An idempotent POST honours `Idempotency-Key`.
 */
export interface OperationSpec<I extends TObject = TObject, O extends TSchema = TSchema, E extends Errors = Errors> {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly scope: string;
  readonly input: I;
  readonly output: O;
  readonly status: number;
  readonly errors: E;
  readonly idempotent: boolean;
}
/** An operation that belongs to a contract: `id` is `catalog.getProduct`, `route` is `/catalog/products/{id}`. */
export type Operation<S extends OperationSpec = OperationSpec> = S & { readonly id: string; readonly route: string };

export interface EventSpec<P extends TSchema = TSchema> {
  readonly version: number;
  readonly payload: P;
}
/** An event that belongs to a contract: `topic` is `catalog.product-created`. */
export type EventType<S extends EventSpec = EventSpec> = S & { readonly topic: string };
export type PayloadOf<E extends EventSpec> = Static<E['payload']>;

export interface Contract<
  O extends Record<string, OperationSpec> = Record<string, OperationSpec>,
  E extends Record<string, EventSpec> = Record<string, EventSpec>,
> {
  readonly name: string;
  readonly operations: { readonly [K in keyof O]: Operation<O[K]> };
  readonly events: { readonly [K in keyof E]: EventType<E[K]> };
}

/** Who calls; absent where a module acts on its own behalf (a job, a consumer). */
export interface Principal {
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}
export interface Call {
  readonly principal?: Principal | undefined;
  /** Aborts at the request's deadline. Created when first read. */
  readonly signal?: AbortSignal | undefined;
  /** When the caller stops waiting, on the clock of `performance.now()`. */
  readonly deadline?: number | undefined;
}
export type InputOf<S extends OperationSpec> = Static<S['input']>;
export type OutputOf<S extends OperationSpec> = Static<S['output']>;
/** How other modules call a contract, hosted here or elsewhere. */
export type Client<C extends Contract> = {
  readonly [K in keyof C['operations']]: (
    input: InputOf<C['operations'][K]>,
    call?: Call,
  ) => Promise<OutputOf<C['operations'][K]>>;
};
/** What a module provides for its own contract. */
export type Handlers<C extends Contract> = {
  readonly [K in keyof C['operations']]: (
    input: InputOf<C['operations'][K]>,
    call: Call,
  ) => Promise<OutputOf<C['operations'][K]>>;
};

/** What a team writes: the rest of an operation follows from it. */
interface OperationDraft {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly scope: string;
  readonly input: TObject;
  readonly output?: TSchema;
  readonly status?: number;
  readonly errors?: Errors;
  readonly idempotent?: boolean;
}
type Completed<D extends OperationDraft> = OperationSpec<
  D['input'],
  D extends { readonly output: infer O extends TSchema } ? O : TNull,
  D extends { readonly errors: infer E extends Errors } ? E : Record<never, number>
>;

/** States an operation. Without `output` it answers 204 and its handler returns null. */
export function operation<const D extends OperationDraft>(draft: D): Completed<D> {
  const unknown = pathParameters(draft.path).filter((name) => !(name in draft.input.properties));
  if (unknown.length > 0) throw new Error(`${draft.method} ${draft.path}: no ${unknown.join(', ')} in the input`);
  return {
    ...draft,
    output: draft.output ?? Type.Null(),
    status: draft.status ?? (draft.output ? 200 : 204),
    errors: draft.errors ?? {},
    idempotent: draft.idempotent ?? (draft.method !== 'POST' && draft.method !== 'PATCH'),
  } as OperationSpec as Completed<D>;
}

export function event<const P extends TSchema>(spec: { version: number; payload: P }): EventSpec<P> {
  return spec;
}

/** A module's only public surface. Throws when two operations share a method and a path. */
export function defineContract<
  const O extends Record<string, OperationSpec>,
  const E extends Record<string, EventSpec> = Record<never, EventSpec>,
>(name: string, parts: { operations: O; events?: E }): Contract<O, E> {
  const operations = Object.entries(parts.operations).map(([key, spec]) => {
    return [key, { ...spec, id: `${name}.${key}`, route: `/${name}${spec.path}` }] as const;
  });
  const routes = operations.map(([, { method, route }]) => `${method} ${route.replace(/\{\w+\}/g, '{}')}`);
  const twice = routes.find((route, index) => routes.indexOf(route) !== index);
  if (twice) throw new Error(`Contract ${name} has two operations for ${twice}`);
  const events = Object.entries(parts.events ?? {}).map(([key, spec]) => {
    return [key, { ...spec, topic: `${name}.${kebab(key)}` }] as const;
  });
  return {
    name,
    operations: Object.fromEntries(operations) as Contract<O, E>['operations'],
    events: Object.fromEntries(events) as Contract<O, E>['events'],
  };
}

/** One wrong value: a JSON pointer into the input and what was expected. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}
/** A failure with a name that callers may rely on: thrown by handlers, sent as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** `catalog:not-found`; the last part of the URN in `type`. */
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    code: string,
    status: number,
    detail?: string,
    extra: { errors?: readonly FieldError[]; headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(detail ? `${code}: ${detail}` : code, { cause: extra.cause });
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = extra.errors;
    this.headers = extra.headers;
  }
}

/** The problem `name` of an operation: only names that its contract states are accepted. */
export function problem<S extends OperationSpec>(
  of: Operation<S>,
  name: keyof S['errors'] & string,
  detail?: string,
  errors?: readonly FieldError[],
): Problem {
  return new Problem(problemCode(of, name), of.errors[name] as number, detail, errors ? { errors } : {});
}

/** Whether `error` is the problem `name` of that operation: how a caller reacts to another module's answer. */
export function isProblem<S extends OperationSpec>(
  error: unknown,
  of: Operation<S>,
  name: keyof S['errors'] & string,
): error is Problem {
  return error instanceof Problem && error.code === problemCode(of, name);
}

/** The module and the name, because the operations of one module share the meaning of a name. */
export function problemCode(of: Operation, name: string): string {
  return `${of.id.slice(0, of.id.indexOf('.'))}:${kebab(name)}`;
}

const validators = new WeakMap<TSchema, Validator>();
/** Errors of a value against a schema, compiled on first use; undefined when it is valid. */
export function check(schema: TSchema, value: unknown): readonly FieldError[] | undefined {
  let validator = validators.get(schema);
  if (!validator) {
    validator = Compile(schema) as Validator;
    validators.set(schema, validator);
  }
  if (validator.Check(value)) return undefined;
  return validator.Errors(value).flatMap(({ keyword, instancePath, params, message }) => {
    // `schema is false` repeats what additionalProperties says once, by name.
    if (keyword === 'boolean') return [];
    const { requiredProperties, additionalProperties } = params as Record<string, string[] | undefined>;
    if (requiredProperties) return named(instancePath, requiredProperties, 'is required');
    if (Array.isArray(additionalProperties)) return named(instancePath, additionalProperties, 'is not known');
    return [{ pointer: `#${instancePath}`, detail: message }];
  });
}

/** Names in `{braces}` of a path. */
export function pathParameters(path: string): string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name as string);
}

const named = (at: string, names: readonly string[], detail: string): FieldError[] =>
  names.map((name) => ({ pointer: `#${at}/${name}`, detail }));
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
