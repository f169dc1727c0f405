import type { Static, TSchema } from 'typebox';
import type { AnyTx } from '../db/port.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface JobTools {
  readonly id: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts when the time for this attempt is over. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}
export interface JobOptions {
  /** Runs on this schedule (five fields, UTC), once for all processes, with the payload `{}`. */
  readonly cron?: string;
  /** Time for one attempt; whole seconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Attempts, with exponential backoff between them, before the job becomes a dead letter. Default 5. */
  readonly attempts?: number;
  /** Jobs of this kind that one process runs at a time. Default 20. */
  readonly concurrency?: number;
}
export interface JobDefinition<P extends TSchema = TSchema> {
  readonly name: string;
  readonly payload: P;
  /** May run more than once for one job, after a crash: idempotent, as everything that is retried. */
  run(payload: Static<P>, tools: JobTools): Promise<void>;
  readonly options: JobOptions;
}
export interface EnqueueOptions {
  /** Earliest start, from now; whole seconds. */
  readonly delayMs?: number;
}
/** What a module gets: its own jobs. */
export interface Jobs {
  /** Adds a job that exists when `tx` commits. */
  enqueue<P extends TSchema>(
    tx: AnyTx,
    job: JobDefinition<P>,
    payload: Static<P>,
    options?: EnqueueOptions,
  ): Promise<void>;
}
/** The queue of a process. */
export interface JobQueue {
  /** `owner`: the module; a job's full name is `<owner>.<name>`. */
  for(owner: string): Jobs;
  /**
   * Makes the queues and schedules of the hosted modules, by module name, and removes the schedules that they no longer
   * have. With `work` it runs their jobs; otherwise this process only enqueues. Before the first `enqueue`.
   */
  start(jobs: Readonly<Record<string, readonly JobDefinition[]>>, work: boolean): Promise<void>;
  /**
   * For processes that do not stay: the queues and schedules that `start` made elsewhere are there already, so nothing is
   * made or watched here.
   */
  know(jobs: Readonly<Record<string, readonly JobDefinition[]>>): void;
  /** Runs what is due of the known jobs, schedules too, until nothing is left or `until` (a time of `Date.now()`) has come. */
  drain(until: number): Promise<void>;
  /** Takes no new jobs and resolves when those in hand are done, at the latest after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}
