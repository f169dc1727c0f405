import type { Logger } from '../telemetry/logger.ts';

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
  /** Each group gets every event of its topics once; the processes of one group share them. Before the first publish. */
  subscribe(group: string, topics: readonly string[], receive: Receive): Promise<void>;
  /** Takes no new events and resolves when those in hand are done. */
  close(): Promise<void>;
}
/** Connects to the broker at `url`. */
export type OpenBus = (url: string, log: Logger) => Promise<Bus>;
