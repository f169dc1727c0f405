import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context: who caused the work that runs now. */
export interface Trace {
  readonly traceId: string;
  /** Span of the caller, or the active one where tracing is on; absent where the trace starts here. */
  readonly parentId: string | undefined;
  readonly sampled: boolean;
}

const storage = new AsyncLocalStorage<Trace>();
const format = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** Who makes the spans where tracing is on: see `otel.mjs`. */
export interface SpanSource {
  active(): Trace | undefined;
  /** Names the active span after the operation that it turned out to be. */
  name(operation: string, route: string): void;
}
let spans: SpanSource | undefined;
export function useSpans(source: SpanSource): void {
  spans = source;
}
export const tracing = (): boolean => spans !== undefined;
export function nameSpan(operation: string, route: string): void {
  spans?.name(operation, route);
}

/** Runs `work`, and all that it starts, under the active span's trace, that of a `traceparent` header, or a new one. */
export function withTrace<R>(traceparent: string | undefined, work: (trace: Trace) => R): R {
  const active = spans?.active();
  if (active) return storage.run(active, work, active);
  const [, traceId, parentId, flags] = (traceparent && format.exec(traceparent)) || [];
  const trace = traceId
    ? { traceId, parentId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 }
    : { traceId: randomHex(16), parentId: undefined, sampled: false };
  return storage.run(trace, work, trace);
}

export function currentTrace(): Trace | undefined {
  return storage.getStore();
}

/** The `traceparent` to send along with an event or a request. */
export function traceparent(): string | undefined {
  const trace = spans?.active() ?? currentTrace();
  const parent = (spans && trace?.parentId) ?? randomHex(8);
  return trace && `00-${trace.traceId}-${parent}-${trace.sampled ? '01' : '00'}`;
}

/** Where tracing is on, its instrumentation adds `traceparent` to outgoing requests itself. */
export function requestTraceparent(): string | undefined {
  return tracing() ? undefined : traceparent();
}

const pool = { bytes: Buffer.alloc(0), at: 0 };
/** One system call for 256 ids: asking for 16 bytes at a time costs more than the rest of a request's trace. */
function randomHex(bytes: number): string {
  if (pool.at + bytes > pool.bytes.length) Object.assign(pool, { bytes: randomBytes(4096), at: 0 });
  pool.at += bytes;
  return pool.bytes.toString('hex', pool.at - bytes, pool.at);
}
