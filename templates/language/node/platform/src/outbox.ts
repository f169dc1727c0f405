import { randomUUID } from 'node:crypto';
import { type Bus, type Envelope, pauseMs } from './bus/port.ts';
import type { EventType, PayloadOf } from './contract.ts';
import { afterCommit, assertTransaction } from './db/database.ts';
import { type AnyTx, type Database, sql } from './db/port.ts';
import { inParallel } from './parallel.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { traceparent } from './telemetry/trace.ts';

export interface Outbox {
  /**
   * Publishes an event when `tx` commits, and not when it rolls back. Events with the same `key` arrive in order; it
   * is the payload's `id` where none is given.
   */
  publish<E extends EventType>(tx: AnyTx, event: E, payload: PayloadOf<E>, options?: { key?: string }): Promise<void>;
}
/** Moves events from the table to the bus. */
export interface Relay {
  readonly outbox: Outbox;
  start(bus: Bus): void;
  /** Publishes what waits, until nothing is left or `until` (a time of `Date.now()`) has come: for processes that do not stay. */
  drain(bus: Bus, until: number): Promise<void>;
  /** Takes no more events and resolves when those in hand are settled. */
  stop(): Promise<void>;
}
interface Row extends Omit<Envelope, 'key' | 'traceparent'> {
  readonly position: string;
  readonly attempts: number;
  readonly key: string | null;
  readonly traceparent: string | null;
}

const batch = 100;
const parallel = 8;
const leaseSeconds = 60;

/**
 * lease → publish with confirm → mark. A crash in between publishes again after the lease: at least once, which the
 * inbox turns into one effect. An event that fails is tried again with growing pauses, and after `attempts` parked
 * (`parked_at`), so that it does not hold back its key for ever; set `parked_at = null, attempts = 0` to try again.
 */
export function createRelay(options: {
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly attempts: number;
  readonly pollMs?: number;
  /** Called when an event has been stored. */
  readonly onWork?: () => void;
}): Relay {
  const { database, log, metrics, attempts, pollMs = 500, onWork } = options;
  const db = database.schema<never>('platform');
  let stopped = false;
  let signalled = false;
  let wake = () => {};
  let running: Promise<void> | undefined;
  const due = { sample: 0, removal: 0 };

  /** Leases are given one relay at a time: each sees all leases before it, which keeps the order of a key. */
  async function lease(): Promise<Row[]> {
    return db.transaction(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('platform.outbox'))`.execute(tx);
      const { rows } = await sql<Row>`
        with free as (
          select position from platform.outbox o
          where published_at is null and parked_at is null and available_at <= clock_timestamp() and not exists (
            select from platform.outbox e where e.key = o.key and e.position < o.position
              and e.published_at is null and e.parked_at is null and e.available_at > clock_timestamp())
          order by position limit ${batch} for update skip locked)
        update platform.outbox o set attempts = attempts + 1,
          available_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
        from free where o.position = free.position
        returning o.position, o.id, topic, version, key, payload, traceparent, attempts,
          to_json(occurred_at at time zone 'UTC') #>> '{}' || 'Z' as "occurredAt"`.execute(tx);
      return rows.sort((a, b) => Number(BigInt(a.position) - BigInt(b.position)));
    });
  }

  async function fail(row: Row, error: unknown): Promise<void> {
    const parked = row.attempts >= attempts;
    const pause = pauseMs(row.attempts) / 1000;
    log[parked ? 'error' : 'warn'](
      { err: error, event: row.id, topic: row.topic, attempts: row.attempts, parked },
      'event not published',
    );
    await database.run(sql`update platform.outbox set error = ${String(error)},
      available_at = clock_timestamp() + make_interval(secs => ${pause}),
      parked_at = ${parked ? sql`now()` : null} where position = ${row.position}`);
  }

  async function pass(bus: Bus): Promise<number> {
    if (bus.connected?.() === false) return 0;
    const rows = await lease();
    if (rows.length === 0) return 0;
    const [published, released]: [string[], string[]] = [[], []];
    const keys = [...Map.groupBy(rows, ({ key, id }) => key ?? id).values()];
    await inParallel(parallel, keys, async (ordered) => {
      for (const [index, row] of ordered.entries()) {
        try {
          await bus.publish(envelope(row));
          published.push(row.position);
        } catch (error) {
          await fail(row, error);
          released.push(...ordered.slice(index + 1).map(({ position }) => position));
          break;
        }
      }
    });
    await database.run(sql`update platform.outbox set published_at = now(), error = null
      where position = any(${published}::bigint[])`);
    if (released.length > 0) {
      await database.run(sql`update platform.outbox set attempts = attempts - 1, available_at = now()
        where position = any(${released}::bigint[])`);
    }
    return rows.length;
  }

  async function tend(): Promise<void> {
    if (Date.now() > due.sample) {
      due.sample = Date.now() + 5_000;
      const [row] = await database.run(sql<{ pending: number; lag: number; parked: number }>`
        select count(*)::int pending, coalesce(extract(epoch from now() - min(occurred_at)), 0)::float lag,
          (select count(*)::int from platform.outbox where published_at is null and parked_at is not null) parked
        from (select occurred_at from platform.outbox where published_at is null and parked_at is null
          order by position limit 100000) waiting`);
      metrics.outboxPending.set(row?.pending ?? 0);
      metrics.outboxParked.set(row?.parked ?? 0);
      metrics.outboxLag.set(Math.max(0, row?.lag ?? 0));
    }
    if (Date.now() > due.removal) {
      due.removal = Date.now() + 60_000;
      await removeOld(database);
    }
  }

  async function loop(bus: Bus): Promise<void> {
    while (!stopped) {
      signalled = false;
      const count = await pass(bus).catch((error) => {
        log.error({ err: error }, 'the outbox could not be read');
        return 0;
      });
      await tend().catch((error) => log.error({ err: error }, 'the outbox could not be measured or cleaned'));
      if (count === batch || signalled || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  const signal = () => {
    signalled = true;
    wake();
    onWork?.();
  };

  return {
    outbox: {
      async publish(tx, event, payload, { key = aggregateOf(payload) } = {}) {
        assertTransaction(tx, 'outbox.publish');
        await sql`insert into platform.outbox (id, topic, version, key, payload, traceparent) values (${randomUUID()},
          ${event.topic}, ${event.version}, ${key ?? null}, ${JSON.stringify(payload)}::jsonb,
          ${traceparent() ?? null})`.execute(tx);
        afterCommit(signal);
      },
    },
    start(bus) {
      running ??= loop(bus);
    },
    async drain(bus, until) {
      while (Date.now() < until && (await pass(bus)) > 0);
      await tend();
    },
    async stop() {
      stopped = true;
      signal();
      await running;
    },
  };
}

const envelope = ({ id, topic, version, occurredAt, payload, key, traceparent: parent }: Row): Envelope => ({
  id,
  topic,
  version,
  occurredAt,
  payload,
  ...(key === null ? {} : { key }),
  ...(parent === null ? {} : { traceparent: parent }),
});

function aggregateOf(payload: unknown): string | undefined {
  const id = (payload as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : undefined;
}

/** What has served its time: a published event for three days, an inbox id for longer than an event can still arrive. */
async function removeOld(database: Database): Promise<void> {
  const tables = [
    ['outbox', 'published_at', 3],
    ['inbox', 'received_at', 14],
    ['idempotency', 'created_at', 1],
    ['saga', 'ended_at', 30],
  ] as const;
  for (const [table, column, days] of tables) {
    await database.run(sql`delete from platform.${sql.id(table)} where ctid = any(array(
      select ctid from platform.${sql.id(table)} where ${sql.id(column)} < now() - make_interval(days => ${days})
      limit 10000))`);
  }
}
