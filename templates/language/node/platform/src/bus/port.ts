import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** An event on its way: JSON values only. */
export interface Envelope {
  /** Identity for the inbox: the same event may arrive more than once. */
  readonly id: string;
  readonly topic: string;
  readonly version: number;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly payload: unknown;
  /** Events with the same key arrive in the order in which they were published. */
  readonly key?: string;
  readonly traceparent?: string;
}
/** Resolves when the effect is committed; a rejection makes the event come again. */
export type Receive = (envelope: Envelope) => Promise<void>;

export interface Bus {
  /** Resolves when the event can no longer be lost. */
  publish(envelope: Envelope): Promise<void>;
  /** False while the broker takes nothing: the outbox then keeps its events and counts no attempts. Absent: never false. */
  connected?(): boolean;
  /**
   * Each group gets every event of its topics that is published after its first subscription; the processes of one group
   * share them. An event that fails comes again with growing pauses, and the later ones of its key wait for it; others
   * pass. After `attempts` it is put aside for people to look at, and counted in `events_dead_lettered_total`.
   */
  subscribe(group: string, topics: readonly string[], receive: Receive): Promise<void>;
  /** Takes no new events and resolves when those in hand are done. */
  close(): Promise<void>;
}
export interface BusContext {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Name of the system: what it has on a broker that others use too starts with it. */
  readonly system: string;
  /** Attempts of an event, `pauseMs` apart. */
  readonly attempts: number;
}
/** Connects to the broker at `url`, and again whenever the connection is lost. Rejects where it is refused for good. */
export type OpenBus = (url: string, context: BusContext) => Promise<Bus>;

/** Pause after the given attempt, counted from 1: a tenth of a second, doubling up to a minute. */
export const pauseMs = (attempt: number): number => Math.min(60_000, 50 * 2 ** attempt);
