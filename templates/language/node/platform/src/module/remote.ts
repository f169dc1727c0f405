import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { type Dispatcher, request } from 'undici';
import type { ServiceTokens } from '../auth/service.ts';
import { type Call, type Client, type Contract, check, type Operation, Problem } from '../contract.ts';
import { assertOutsideTransaction } from '../db/database.ts';
import { defaultsOf } from '../http/dispatcher.ts';
import { deadlineHeader, internalPath } from '../http/internal.ts';
import { problems } from '../http/problem.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { requestTraceparent } from '../telemetry/trace.ts';

export interface RemoteOptions {
  /** Base URL of the internal listener of the deployable that hosts the module. */
  readonly url: string;
  readonly tokens: Pick<ServiceTokens, 'sign'>;
  /** Of one attempt, ms. */
  readonly timeoutMs: number;
  readonly metrics: Pick<Metrics, 'remoteDuration' | 'remoteOpen'>;
  /** The connections; asked for each request, because certificates are renewed. */
  readonly dispatcher?: () => Dispatcher;
}

/** Calls in flight to one module, and those that wait for their turn: more would only wait longer. */
const [inFlight, waiting] = [200, 200];
const maxRetries = 2;
/** After so many failures in a row nobody is sent there for a while: the first pause, and the longest. */
const [failures, pauseMs, maxPauseMs] = [5, 500, 10_000];

/**
 * A contract whose module is hosted elsewhere, with the behaviour of a local one: same values, same problems, and it
 * throws inside a transaction. What the network adds: each attempt has a timeout and never outlives the caller's
 * deadline; operations that may be repeated are, with jitter and within a budget; after failures in a row the circuit
 * opens, and callers get `platform:unavailable` at once until a trial call succeeds.
 */
export function remoteClient<C extends Contract>(contract: C, options: RemoteOptions): Client<C> {
  const { metrics } = options;
  const budget = retryBudget();
  const breaker = circuitBreaker(handleWhen(isTheirs), {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: new ExponentialBackoff({
      initialDelay: pauseMs,
      maxDelay: maxPauseMs,
      generator: fullJitterGenerator,
    }),
  });
  breaker.onStateChange((state) =>
    metrics.remoteOpen.set({ module: contract.name }, state === CircuitState.Closed ? 0 : 1),
  );
  metrics.remoteOpen.set({ module: contract.name }, 0);
  const once = wrap(breaker, bulkhead(inFlight, waiting));
  const again = wrap(
    retry(
      handleWhen((error) => isTheirs(error) && budget.take()),
      {
        maxAttempts: maxRetries,
        backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000, generator: fullJitterGenerator }),
      },
    ),
    once,
  );

  async function call(operation: Operation, given: object, outer: Call): Promise<unknown> {
    assertOutsideTransaction(`Calling ${operation.id}`);
    const input = { ...defaultsOf(operation.input), ...given };
    const errors = check(operation.input, input);
    if (errors) throw new Error(`${operation.id} was called with what its contract forbids: ${JSON.stringify(errors)}`);
    const body = JSON.stringify(input);
    // A POST is repeatable only with its client's Idempotency-Key, which is not that of another module.
    const policy = operation.idempotent && operation.method !== 'POST' ? again : once;
    const end = metrics.remoteDuration.startTimer({ operation: operation.id });
    budget.earn();
    const output = await policy
      .execute(() => attempt(operation, body, outer, options), outer.signal)
      .catch((error: unknown) => {
        end({ outcome: isTrouble(error) ? 'failed' : 'answered' });
        throw explained(operation, error);
      });
    end({ outcome: 'answered' });
    const wrong = check(operation.output, output);
    if (wrong) throw new Error(`${operation.id} answered what its contract forbids: ${JSON.stringify(wrong)}`);
    return output;
  }
  const entries = Object.entries(contract.operations).map(([key, operation]) => [
    key,
    (input: object, outer: Call = {}) => call(operation, input, outer),
  ]);
  return Object.fromEntries(entries) as Client<C>;
}

async function attempt(operation: Operation, body: string, outer: Call, options: RemoteOptions): Promise<unknown> {
  const { url, tokens, timeoutMs, dispatcher } = options;
  const left = Math.floor(Math.min(timeoutMs, (outer.deadline ?? Number.POSITIVE_INFINITY) - performance.now()));
  if (left <= 0) throw problems.timeout();
  const parent = requestTraceparent();
  const deadline = AbortSignal.timeout(left);
  const response = await request(url.replace(/\/$/, '') + internalPath(operation), {
    method: 'POST',
    headers: {
      authorization: await tokens.sign(outer.principal),
      'content-type': 'application/json',
      [deadlineHeader]: String(left),
      ...(parent ? { traceparent: parent } : {}),
    },
    body,
    signal: outer.signal ? AbortSignal.any([outer.signal, deadline]) : deadline,
    ...(dispatcher ? { dispatcher: dispatcher() } : {}),
  });
  const answer = (await response.body.json()) as Record<string, unknown> | null;
  if (response.statusCode === 200) return answer;
  throw problemOf(response.statusCode, answer);
}

/** The problem as the other side threw it. */
function problemOf(status: number, answer: Record<string, unknown> | null): Problem {
  const { type, detail, errors } = answer ?? {};
  const code = String(type).replace(/^urn:problem:/, '');
  return new Problem(
    code,
    status,
    detail as string | undefined,
    errors ? { errors: errors as Problem['errors'] & {} } : {},
  );
}

/** The platform's or the network's failure; a problem of the contract is an answer. */
const isTrouble = (error: unknown): boolean => !(error instanceof Problem) || error.status >= 500;

/** Trouble on the other side or on the way; not that this side sends nothing at the moment. */
const isTheirs = (error: unknown): boolean =>
  isTrouble(error) && !(error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError);

/** What callers see of trouble: a problem of the platform that names the module, with the cause for the log. */
function explained({ id }: Operation, error: unknown): unknown {
  const module = id.slice(0, id.indexOf('.'));
  if (error instanceof Problem && (error.status < 500 || error.code === 'platform:timeout')) {
    if (error.status !== 401 || !error.code.startsWith('platform:')) return error;
    return problems.unavailable(`${module} does not accept the calls of this deployable.`, error);
  }
  if (error instanceof BulkheadRejectedError)
    return problems.unavailable(`Too many calls to ${module} are waiting.`, error);
  if (error instanceof Error && error.name === 'TimeoutError') return problems.timeout();
  return problems.unavailable(`${module} cannot be reached.`, error);
}

/**
 * Retries are at most a tenth of the calls, and ten at once: where everybody retries, an overload never ends.
 * (Google, "Site Reliability Engineering", chapter 22, "Handling Overload": a per-client retry budget of 10 %.)
 */
function retryBudget() {
  let tokens = 10;
  return {
    earn: () => {
      tokens = Math.min(10, tokens + 0.1);
    },
    take: () => {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
