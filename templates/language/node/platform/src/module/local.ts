import { type Call, type Client, type Contract, check, type Handlers } from '../contract.ts';
import { assertOutsideTransaction, firstStep } from '../db/database.ts';
import { defaultsOf } from '../http/dispatcher.ts';

/**
 * A contract whose module is hosted here. Values are validated and cloned in both directions, so that nothing works
 * that would not work over a network. Throws inside a transaction: there it would hold locks while it waits.
 */
export function localClient<C extends Contract>({ operations }: C, handlers: () => Handlers<C>): Client<C> {
  const call = async (key: string, given: unknown, options: Call): Promise<unknown> => {
    const { id, input, output } = operations[key] as C['operations'][string];
    assertOutsideTransaction(`Calling ${id}`);
    const value = { ...defaultsOf(input), ...structuredClone(given as object) };
    assertValid(`${id} was called with`, check(input, value));
    // The Idempotency-Key of the caller's request is not that of this operation's transaction.
    const result = await firstStep.run({}, () => handlers()[key]?.(value as never, options));
    assertValid(`${id} answered`, check(output, result));
    return structuredClone(result);
  };
  const entries = Object.keys(operations).map((key) => [
    key,
    (input: unknown, options: Call = {}) => call(key, input, options),
  ]);
  return Object.fromEntries(entries) as Client<C>;
}

function assertValid(what: string, errors: ReturnType<typeof check>): void {
  if (errors) throw new Error(`${what} what its contract forbids: ${JSON.stringify(errors)}`);
}
