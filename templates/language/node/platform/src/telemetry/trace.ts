import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context: who caused the work that runs now. */
export interface Trace {
  readonly traceId: string;
  /** Span of the caller, absent where the trace starts here. */
  readonly parentId: string | undefined;
  readonly sampled: boolean;
}

const storage = new AsyncLocalStorage<Trace>();
const format = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** Runs `work`, and all that it starts, under the trace of a `traceparent` header or under a new one. */
export function withTrace<R>(traceparent: string | undefined, work: (trace: Trace) => R): R {
  const [, traceId, parentId, flags] = (traceparent && format.exec(traceparent)) || [];
  const trace = traceId
    ? { traceId, parentId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 }
    : { traceId: randomHex(16), parentId: undefined, sampled: false };
  return storage.run(trace, work, trace);
}

export function currentTrace(): Trace | undefined {
  return storage.getStore();
}

/** The `traceparent` to send along with an outgoing request or event. */
export function traceparent(): string | undefined {
  const trace = currentTrace();
  return trace && `00-${trace.traceId}-${randomHex(8)}-${trace.sampled ? '01' : '00'}`;
}

const pool = { bytes: Buffer.alloc(0), at: 0 };
/** One system call for 256 ids: asking for 16 bytes at a time costs more than the rest of a request's trace. */
function randomHex(bytes: number): string {
  if (pool.at + bytes > pool.bytes.length) Object.assign(pool, { bytes: randomBytes(4096), at: 0 });
  pool.at += bytes;
  return pool.bytes.toString('hex', pool.at - bytes, pool.at);
}
