import { requestTraceparent } from './telemetry/trace.ts';

/** `fetch` that never waits for ever and tells the other side which trace it belongs to. */
export function httpClient({ timeoutMs }: { timeoutMs: number }): typeof fetch {
  return (input, init = {}) => {
    const headers = new Headers(init.headers);
    const parent = requestTraceparent();
    if (parent) headers.set('traceparent', parent);
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    return fetch(input, { ...init, headers, signal });
  };
}
