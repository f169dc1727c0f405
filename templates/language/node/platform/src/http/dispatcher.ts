import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type TArray, type TObject, type TSchema, Type } from 'typebox';
import { Clean } from 'typebox/value';
import {
  type Call,
  check,
  type Operation,
  type OperationSpec,
  type Principal,
  Problem,
  pathParameters,
  problemCode,
} from '../contract.ts';
import type { Endpoint, RoutedRequest } from './app.ts';
import type { HttpRequest, HttpResponse, IdempotencyStore } from './port.ts';
import { problems } from './problem.ts';

export interface DispatchServices {
  /** Who sent this `authorization` header; throws the problem to answer with. */
  readonly authenticate: (authorization: string | undefined) => Principal | Promise<Principal>;
  /** Seconds to wait before the next request of this caller, 0 to go on. */
  readonly limit: (caller: string) => number;
  readonly idempotency: IdempotencyStore;
  readonly timeoutMs: number;
}
type Handler = (input: never, call: Call) => Promise<unknown>;

/** The HTTP form of an operation: decode, authenticate, limit, authorise, validate, call, encode. */
export function operationEndpoint(operation: Operation, handler: Handler, services: DispatchServices): Endpoint {
  const decode = decoder(operation);
  const encode = encoder(operation);
  const invoke = guarded(operation, handler as (input: unknown, call: Call) => Promise<unknown>, services.timeoutMs);
  const remembers = operation.method === 'POST' && operation.idempotent;

  return {
    method: operation.method,
    path: operation.route,
    name: operation.id,
    async handle(request) {
      const { http } = request;
      const admitted = admit(http, operation.scope, services);
      const principal = admitted instanceof Promise ? await admitted : admitted;
      const input = decode(request);
      const key = remembers ? http.headers['idempotency-key'] : undefined;
      if (key === undefined) return encode(await invoke(input, principal), http);
      if (typeof key !== 'string' || key.length === 0 || key.length > 255) {
        throw problems.invalidInput([{ pointer: '#', detail: 'Idempotency-Key has 1 to 255 characters' }]);
      }
      const fingerprint = hash('sha256', JSON.stringify(input));
      const outcome = await services.idempotency.once(
        { operation: operation.id, subject: principal.subject, key, fingerprint },
        async () => encode(await invoke(input, principal), http),
      );
      if (outcome === 'in-progress') throw problems.keyInUse();
      if (outcome === 'lost') throw problems.answerLost();
      if (outcome === 'mismatch') throw problems.keyReused();
      const { response, replayed } = outcome;
      return replayed ? { ...response, headers: { ...response.headers, 'idempotency-replayed': 'true' } } : response;
    },
  };
}

/** Failed attempts count against the address, so that guessing tokens is limited too. A known token takes no turn. */
function admit(
  { headers, remoteAddress }: HttpRequest,
  scope: string,
  { authenticate, limit }: DispatchServices,
): Principal | Promise<Principal> {
  const refuse = (refusal: unknown): never => {
    slowDown(limit(remoteAddress));
    throw refusal;
  };
  const accept = (principal: Principal): Principal => {
    slowDown(limit(principal.subject));
    if (!principal.scopes.has(scope)) throw problems.forbidden(scope);
    return principal;
  };
  let found: Principal | Promise<Principal>;
  try {
    found = authenticate(headers.authorization);
  } catch (refusal) {
    return refuse(refusal);
  }
  return found instanceof Promise ? found.then(accept, refuse) : accept(found);
}

function slowDown(seconds: number): void {
  if (seconds > 0) throw problems.rateLimited(seconds);
}

/**
 * Calls within the deadline and lets only problems through that the contract names. One timer serves all calls of an
 * operation: they expire in the order in which they came, 20 ms late at most.
 */
function guarded(operation: Operation, handler: (input: unknown, call: Call) => Promise<unknown>, timeoutMs: number) {
  const refuse = declaredOnly(operation);
  const waiting = new Set<PendingCall>();
  let timer: NodeJS.Timeout | undefined;

  function sweep(): void {
    const now = performance.now();
    for (const call of waiting) {
      if (call.deadline > now) break;
      waiting.delete(call);
      call.expire();
    }
    timer = waiting.size > 0 ? setTimeout(sweep, 20).unref() : undefined;
  }
  async function run(input: unknown, call: PendingCall): Promise<unknown> {
    try {
      return await handler(input, call);
    } catch (error) {
      return refuse(error);
    } finally {
      waiting.delete(call);
    }
  }
  return (input: unknown, principal: Principal) =>
    new Promise<unknown>((resolve, reject) => {
      const call = new PendingCall(principal, performance.now() + timeoutMs, reject);
      waiting.add(call);
      if (!timer) timer = setTimeout(sweep, timeoutMs).unref();
      run(input, call).then(resolve, reject);
    });
}

/** Throws what an operation may fail with as it is, and anything else as an error of this program. */
export function declaredOnly(operation: Operation): (error: unknown) => never {
  const declared = new Set(Object.keys(operation.errors).map((name) => problemCode(operation, name)));
  return (error) => {
    if (!(error instanceof Problem) || error.code.startsWith('platform:') || declared.has(error.code)) throw error;
    throw new Error(`${operation.id} does not declare ${error.code}`, { cause: error });
  };
}

/** A class, because a getter on a new object for each request costs as much as validating its input. */
class PendingCall implements Call {
  readonly principal: Principal;
  readonly deadline: number;
  private readonly fail: (reason: Problem) => void;
  private abort: AbortController | undefined;

  constructor(principal: Principal, deadline: number, fail: (reason: Problem) => void) {
    this.principal = principal;
    this.deadline = deadline;
    this.fail = fail;
  }
  get signal(): AbortSignal {
    this.abort ??= new AbortController();
    return this.abort.signal;
  }
  expire(): void {
    const timeout = problems.timeout();
    this.abort?.abort(timeout);
    this.fail(timeout);
  }
}

/** Path, query or body, and `If-Match`, to one valid input with its defaults. Unknown names are refused. */
function decoder({ method, path, input }: OperationSpec): (request: RoutedRequest) => unknown {
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const fromPath = pathParameters(path).map((name) => [name, scalar(input.properties[name] as TSchema)] as const);
  const versioned = method !== 'GET' && 'version' in input.properties;
  const versionRequired = versioned && (input.required as string[]).includes('version');
  const elsewhere = new Set([...fromPath.map(([name]) => name), ...(versioned ? ['version'] : [])]);
  const strict = { ...input, additionalProperties: false };
  const parseQuery = queryParser(input);
  const defaults = defaultsOf(input);
  const none = {};

  /** What belongs into the path or a header is not taken from elsewhere, and a body leaves nothing to the query. */
  function refuseMisplaced(given: object, unexpected: object): void {
    const names = [...Object.keys(given).filter((name) => elsewhere.has(name)), ...Object.keys(unexpected)];
    if (names.length === 0) return;
    throw problems.invalidInput(names.map((name) => ({ pointer: `#/${name}`, detail: 'is not known here' })));
  }

  return ({ http, params, query }) => {
    const fromQuery = query ? parseQuery(query) : none;
    const given = hasBody ? parseJson(http) : fromQuery;
    if (given !== none) refuseMisplaced(given, hasBody ? fromQuery : none);
    const value: Record<string, unknown> = { ...defaults, ...given };
    for (const [name, parse] of fromPath) value[name] = parse(params[name] as string);
    const ifMatch = versioned ? versionOf(http.headers['if-match']) : undefined;
    if (ifMatch !== undefined) value.version = ifMatch;
    else if (versionRequired) throw problems.versionRequired();
    const errors = check(strict, value);
    if (errors) throw problems.invalidInput(errors);
    return value;
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** The object in the body; none where there is no body. Throws the problem to answer with. */
export function parseJson({ body, headers }: HttpRequest): Record<string, unknown> {
  if (!(body instanceof Uint8Array) || body.length === 0) return {};
  if (!/^application\/([\w.-]+\+)?json *(;|$)/i.test(String(headers['content-type']))) throw problems.notJson();
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw problems.malformedBody();
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw problems.invalidInput([{ pointer: '#', detail: 'must be an object' }]);
}

/** What `properties` with a default get when they are absent. */
export function defaultsOf(schema: TObject): Readonly<Record<string, unknown>> {
  const entries = Object.entries(schema.properties) as [string, TSchema & { default?: unknown }][];
  return Object.fromEntries(
    entries.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Text to the types of the schema: `limit=5` is a number, `tag=a&tag=b` a list. Other text stays for validation. */
function queryParser({ properties }: TObject): (query: string) => Record<string, unknown> {
  const parameters = new Map(
    Object.entries(properties).map(([name, schema]) => [name, { isList: Type.IsArray(schema), parse: scalar(schema) }]),
  );
  return (query) => {
    const result: Record<string, unknown> = Object.create(null);
    for (const [name, text] of new URLSearchParams(query)) {
      const parameter = parameters.get(name);
      const value = parameter ? parameter.parse(text) : text;
      result[name] = name in result || parameter?.isList ? [result[name] ?? [], value].flat() : value;
    }
    return result;
  };
}

function scalar(schema: TSchema): (text: string) => unknown {
  if (Type.IsArray(schema)) return scalar((schema as TArray).items);
  const { type, anyOf } = schema as { type?: string; anyOf?: { type?: string }[] };
  const types = anyOf ? anyOf.map((variant) => variant.type) : [type];
  if (types.includes('string')) return (text) => text;
  if (types.includes('boolean')) return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  if (!types.includes('integer') && !types.includes('number')) return (text) => text;
  return (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
}

/** The number in `"3-5a1f"` or `"3"`; proxies that compress put `W/` before it. Another tag than ours matches no version: 0. */
function versionOf(ifMatch: string | string[] | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  return Number(/^(?:W\/)?"(\d+)(?:-[0-9a-f]+)?"$/.exec(String(ifMatch))?.[1] ?? 0);
}

/** Removes what the contract does not name, verifies the rest, and answers 304 to a reader who has it already. */
function encoder({ id, method, output, status }: Operation): (value: unknown, http: HttpRequest) => HttpResponse {
  const prune = pruner(output);
  return (raw, { headers }) => {
    const value = prune(raw);
    const wrong = check(output, value);
    if (wrong) throw new Error(`${id} answered what its contract forbids: ${JSON.stringify(wrong)}`);
    if (status === 204) return { status, headers: {}, body: '' };
    const { version } = (value ?? {}) as { version?: unknown };
    if (typeof version !== 'number') return { status, headers: json, body: JSON.stringify(value) };
    const body = JSON.stringify(value);
    // A job may change what is answered without a new version: what a reader has is outdated then, what a writer has is not.
    const etag = `"${version}-${crc32(body).toString(16)}"`;
    if (method === 'GET' && matches(headers['if-none-match'], etag))
      return { status: 304, headers: { etag }, body: '' };
    return { status, headers: { ...json, etag }, body };
  };
}

const json = Object.freeze({ 'content-type': 'application/json' });
const matches = (ifNoneMatch: string | string[] | undefined, etag: string) =>
  ifNoneMatch !== undefined &&
  String(ifNoneMatch)
    .split(',')
    .some((tag) => /^(?:W\/)?(.*)$/.exec(tag.trim())?.[1] === etag);

/** TypeBox's own Clean takes 30 µs for a small object; plain objects and lists, which are most outputs, need 0.3. */
function pruner(schema: TSchema): (value: unknown) => unknown {
  if (Type.IsArray(schema)) {
    const item = pruner((schema as TArray).items);
    return (value) => (Array.isArray(value) ? value.map(item) : value);
  }
  if (Type.IsObject(schema)) {
    const properties = Object.entries((schema as TObject).properties).map(([name, each]) => ({
      name,
      prune: pruner(each),
    }));
    return (value) => {
      if (typeof value !== 'object' || value === null) return value;
      const result: Record<string, unknown> = {};
      for (const { name, prune } of properties) {
        const field = (value as Record<string, unknown>)[name];
        if (field !== undefined) result[name] = prune(field);
      }
      return result;
    };
  }
  const { anyOf, type } = schema as { anyOf?: TSchema[]; type?: unknown };
  const flat = (each: { type?: unknown }) =>
    typeof each.type === 'string' && each.type !== 'object' && each.type !== 'array';
  return (anyOf ? anyOf.every(flat) : flat({ type })) ? (value) => value : (value) => Clean(schema, value);
}
