import type { EventType, PayloadOf } from './contract.ts';
import type { AnyTx } from './db/port.ts';

export interface Outbox {
  /**
   * Publishes an event when `tx` commits, and not when it rolls back. Events with the same `key` arrive in order; it
   * is the payload's `id` where none is given.
   */
  publish<E extends EventType>(tx: AnyTx, event: E, payload: PayloadOf<E>, options?: { key?: string }): Promise<void>;
}
