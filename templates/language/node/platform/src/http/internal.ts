import type { ServiceTokens } from '../auth/service.ts';
import { check, type Contract, type Handlers, type Operation } from '../contract.ts';
import type { Endpoint } from './app.ts';
import { declaredOnly, defaultsOf, parseJson } from './dispatcher.ts';
import { problems } from './problem.ts';

/** Milliseconds that the caller still waits. */
export const deadlineHeader = 'x-deadline-ms';
/** Where an operation is called by other deployables: never on the public listener. */
export const internalPath = ({ id }: Pick<Operation, 'id'>): `/${string}` => `/${id.replace('.', '/')}`;

interface Options {
  readonly tokens: ServiceTokens;
  readonly timeoutMs: number;
}

/** The operations of a module for the other deployables: its input as JSON, in one request whatever its HTTP form is. */
export function internalEndpoints(
  { operations }: Contract,
  handlers: Handlers<Contract>,
  { tokens, timeoutMs }: Options,
): Endpoint[] {
  return Object.entries(operations).map(([key, operation]): Endpoint => {
    const refuse = declaredOnly(operation);
    return {
      method: 'POST',
      path: internalPath(operation),
      name: `internal ${operation.id}`,
      async handle({ http }) {
        const principal = await tokens.verify(http.headers.authorization);
        const input = { ...defaultsOf(operation.input), ...parseJson(http) };
        const errors = check(operation.input, input);
        if (errors) throw problems.invalidInput(errors);
        const left = Math.min(timeoutMs, Math.max(1, Number(http.headers[deadlineHeader]) || timeoutMs));
        const output = await within(left, (signal) =>
          handlers[key]?.(input as never, { principal, signal, deadline: performance.now() + left }),
        ).catch(refuse);
        const wrong = check(operation.output, output);
        if (wrong) throw new Error(`${operation.id} answered what its contract forbids: ${JSON.stringify(wrong)}`);
        return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output ?? null) };
      },
    };
  });
}

/** The caller is not there any more when the time is over, so nobody goes on waiting here. */
async function within<R>(milliseconds: number, work: (signal: AbortSignal) => Promise<R> | undefined) {
  const cancel = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    cancel.abort(problems.timeout());
    late.reject(problems.timeout());
  }, milliseconds);
  try {
    return await Promise.race([work(cancel.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
