import type { Envelope } from './bus/port.ts';
import type { Db, Tx } from './db/port.ts';

export interface Inbox {
  /** Runs `effect` in one transaction with the event's id, so that an event that comes again has no second effect. */
  receive<T>(db: Db<T>, consumer: string, envelope: Envelope, effect: (tx: Tx<T>) => Promise<void>): Promise<void>;
}
