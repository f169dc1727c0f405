import type { Envelope } from './bus/port.ts';
import { type Db, sql, type Tx } from './db/port.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { withTrace } from './telemetry/trace.ts';

export interface Inbox {
  /** Runs `effect` in one transaction with the event's id, so that an event that comes again has no second effect. */
  receive<T>(db: Db<T>, consumer: string, envelope: Envelope, effect: (tx: Tx<T>) => Promise<void>): Promise<void>;
}

export function createInbox({ eventsConsumed }: Metrics): Inbox {
  return {
    async receive(db, consumer, { id, topic, traceparent }, effect) {
      const count = (outcome: string) => eventsConsumed.inc({ topic, outcome });
      const once = async () =>
        db.transaction(async (tx) => {
          // A second delivery at the same time waits here until the first one has committed or failed.
          const { rows } = await sql`insert into platform.inbox (consumer, event_id) values (${consumer}, ${id})
            on conflict do nothing returning 1`.execute(tx);
          if (rows.length > 0) await effect(tx);
          return rows.length > 0;
        });
      try {
        count((await withTrace(traceparent, once)) ? 'processed' : 'duplicate');
      } catch (error) {
        count('failed');
        throw error;
      }
    },
  };
}
