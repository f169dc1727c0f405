import { setTimeout as sleep } from 'node:timers/promises';
import { type BusContext, type Envelope, pauseMs, type Receive } from './port.ts';

/** Puts an event aside for people to look at; resolves when it can no longer be lost. */
export type Bury = (error: unknown) => Promise<void>;
/** How events that a broker delivers in order become effects: one partition of a group in this process. */
export interface Lane {
  /**
   * Events of one key one after the other, others at the same time. Resolves to true when the event had its effect or
   * was put aside, and to false when the lane stopped before: the broker has to deliver it again, in the same order.
   */
  take(envelope: Envelope, bury: Bury): Promise<boolean>;
  /** Puts a message aside that is no event. False: that was not possible. */
  refuse(bury: Bury): Promise<boolean>;
  /** Resolves when the effects that have begun are done; none begins any more. */
  stop(): Promise<void>;
}

/** `enter`: the turns that the lanes of a group share, see `turns`. */
export function createLane(
  group: string,
  receive: Receive,
  enter: ReturnType<typeof turns>,
  { attempts, log, metrics }: BusContext,
): Lane {
  const last = new Map<string, Promise<boolean>>();
  const stopping = new AbortController();
  const { signal } = stopping;

  async function settle(envelope: Envelope, bury: Bury): Promise<boolean> {
    const { id: event, topic } = envelope;
    for (let attempt = 1; !signal.aborted; attempt++) {
      const over = attempt >= attempts;
      const done = await enter(async () => {
        if (signal.aborted) return false;
        try {
          await receive(envelope);
          return true;
        } catch (error) {
          log[over ? 'error' : 'warn']({ err: error, event, topic, group, attempt }, 'event not consumed');
          return over && (await putAside(topic, error, bury));
        }
      });
      if (done) return true;
      await sleep(pauseMs(attempt), undefined, { signal }).catch(() => {});
    }
    return false;
  }

  async function putAside(topic: string, reason: unknown, bury: Bury): Promise<boolean> {
    try {
      await bury(reason);
    } catch (error) {
      log.error({ err: error, topic, group }, 'event could not be put aside');
      return false;
    }
    metrics.eventsDeadLettered.inc({ topic, group });
    return true;
  }

  return {
    take(envelope, bury) {
      const key = envelope.key ?? envelope.id;
      const before = last.get(key);
      const own = before ? before.then((done) => done && settle(envelope, bury)) : settle(envelope, bury);
      last.set(key, own);
      own.finally(() => last.get(key) === own && last.delete(key));
      return own;
    },
    refuse(bury) {
      log.error({ group }, 'a message that is no event');
      return putAside('unreadable', new Error('no event'), bury);
    },
    async stop() {
      stopping.abort();
      await Promise.all(last.values());
    },
  };
}

/** Runs at most `limit` pieces of work at a time, in the order of asking. */
export function turns(limit: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

/** Counts that begin with 0 can be compared from the first event on. */
export function announce({ metrics }: Pick<BusContext, 'metrics'>, group: string, topics: readonly string[]): void {
  for (const topic of topics) metrics.eventsDeadLettered.inc({ topic, group }, 0);
}

/** The event in a message; undefined where it is none. */
export function envelopeIn(content: Buffer): Envelope | undefined {
  try {
    const { id, topic, ...rest } = JSON.parse(content.toString('utf8'));
    return typeof id === 'string' && typeof topic === 'string' ? { id, topic, ...rest } : undefined;
  } catch {
    return undefined;
  }
}
