import { fromKysely, type Job, type JobResult, PgBoss } from 'pg-boss';
import { check } from '../contract.ts';
import { afterCommit, assertTransaction } from '../db/database.ts';
import { type Database, sql } from '../db/port.ts';
import { inParallel } from '../parallel.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { traceparent, withTrace } from '../telemetry/trace.ts';
import type { JobDefinition, JobQueue } from './port.ts';

/** What is stored for a job. */
interface Stored {
  readonly payload: unknown;
  readonly traceparent?: string | undefined;
}
/** Keeps what no attempt could do, for people to look at and send again (`redrive`); 14 days. */
const deadLetter = 'platform.dead-letter';
/** A worker fetches what it runs in so many rounds: each fetch and each completion costs a commit, however many jobs. */
const rounds = 5;
/** Nobody takes a job back from a process that ends by itself. */
const kept = new AbortController().signal;
const defaults = { timeoutMs: 60_000, attempts: 5, concurrency: 20 };

/**
 * Jobs in the database of the process, so that a job exists exactly when the change that asked for it does. Workers are
 * woken by LISTEN/NOTIFY; polling is the fallback. `migrate`: makes and updates pg-boss's own schema.
 */
export async function openJobQueue(options: {
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly migrate: boolean;
  /** How often workers look by themselves, for delayed jobs and where a notification was lost. */
  readonly pollSeconds?: number;
  /** Called when a job has been added, by processes that do not stay: nothing goes on in the background then. */
  readonly onWork?: () => void;
}): Promise<JobQueue> {
  const { database, log, metrics, pollSeconds = 5, onWork } = options;
  const boss = new PgBoss({
    ...database.driver.jobs,
    migrate: options.migrate,
    ...(onWork ? { max: 1, supervise: false, schedule: false } : { useListenNotify: true }),
    // Jobs whose worker is gone, or whose end a lost connection could not write down, run again within half a minute.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  });
  boss.on('error', (error) => log.error({ err: error }, 'job queue'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, `job queue: ${message}`));
  await boss.start();
  const queues = new Set<string>();
  let known: readonly (readonly [name: string, job: JobDefinition])[] = [];

  async function makeQueue(name: string, job?: JobDefinition): Promise<void> {
    const { timeoutMs, attempts } = { ...defaults, ...job?.options };
    const seconds = Math.ceil(timeoutMs / 1000);
    const queue = {
      notify: true,
      retryLimit: attempts - 1,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      // Each job has its own timeout, and a worker that is gone is noticed by its heartbeat; this is the last resort.
      expireInSeconds: rounds * seconds + 15,
      heartbeatSeconds: 15,
      deleteAfterSeconds: 24 * 3600,
      ...(job ? { deadLetter } : {}),
    };
    if (await boss.getQueue(name)) await boss.updateQueue(name, queue);
    await boss.createQueue(name, queue);
    queues.add(name);
  }

  function run(name: string, job: JobDefinition) {
    const { timeoutMs } = { ...defaults, ...job.options };
    const own = log.child({ job: name });
    return async ({ id, data, retryCount, signal: stopped }: Job<Stored>): Promise<JobResult> => {
      const late = Promise.withResolvers<never>();
      const cancel = new AbortController();
      const abort = (reason: unknown) => {
        cancel.abort(reason);
        late.reject(reason);
      };
      const timer = setTimeout(() => abort(new Error(`no end within ${timeoutMs} ms`)), timeoutMs);
      stopped.addEventListener('abort', () => abort(stopped.reason), { once: true });
      const tools = { id, attempt: retryCount + 1, signal: cancel.signal, log: own };
      const end = metrics.jobDuration.startTimer({ job: name });
      try {
        const work = async () => job.run(valid(job, data.payload), tools);
        await withTrace(data.traceparent, () => Promise.race([work(), late.promise]));
        end({ outcome: 'completed' });
        return { id, status: 'completed' };
      } catch (error) {
        end({ outcome: 'failed' });
        own.warn({ err: error, id, attempt: tools.attempt }, 'job failed');
        return { id, status: 'failed', output: { message: String(error) } };
      } finally {
        clearTimeout(timer);
      }
    };
  }

  /** What pg-boss does for schedules in processes that stay: once in each minute, whoever else looks. */
  async function sendScheduled(name: string, { options: { cron } }: JobDefinition): Promise<void> {
    const [next] = cron ? boss.previewSchedule(cron, { from: new Date(Date.now() - 60_000), count: 1 }) : [];
    if (!next || next.getTime() > Date.now()) return;
    await boss.send(name, { payload: {} }, { singletonKey: 'schedule', singletonSeconds: 60 });
  }

  /** How many there were. Those of one queue run beside each other. */
  async function runSome(name: string, job: JobDefinition): Promise<number> {
    const { concurrency } = { ...defaults, ...job.options };
    const batch = (await boss.fetch<Stored>(name, { batchSize: concurrency, includeMetadata: true })) ?? [];
    const ids = batch.map(({ id }) => id);
    const alive = setInterval(() => boss.touch(name, ids).catch(() => {}), 10_000);
    const results = await inParallel(concurrency, batch, (one) => run(name, job)({ ...one, signal: kept })).finally(
      () => clearInterval(alive),
    );
    for (const { id, status, output } of results)
      await (status === 'completed' ? boss.complete(name, id) : boss.fail(name, id, output));
    return batch.length;
  }

  async function measure(): Promise<void> {
    const names = [...queues];
    const rows = await database
      .run(sql<{ name: string; depth: number }>`select name, count(*)::int depth from pgboss.job
        where state < 'active' and name = any(${names}) group by name`)
      .catch((error) => {
        log.warn({ err: error }, 'the job queue could not be measured');
        return [];
      });
    const depths = new Map(rows.map(({ name, depth }) => [name, depth]));
    for (const job of names) metrics.jobDepth.set({ job }, depths.get(job) ?? 0);
  }
  const sample = onWork ? undefined : setInterval(measure, 15_000).unref();

  return {
    for: (owner) => ({
      async enqueue(tx, job, payload, { delayMs = 0 } = {}) {
        const name = `${owner}.${job.name}`;
        assertTransaction(tx, 'jobs.enqueue');
        if (!queues.has(name)) throw new Error(`${name} is no job of this process: list it in the module's jobs`);
        const data: Stored = { payload: valid(job, payload), traceparent: traceparent() };
        await boss.send(name, data, { startAfter: Math.ceil(delayMs / 1000), db: fromKysely(tx) });
        if (onWork) afterCommit(onWork);
      },
    }),
    async start(jobs, work) {
      const all = named(jobs);
      await makeQueue(deadLetter);
      for (const [name, job] of all) await makeQueue(name, job);
      const crons = new Map<string, string | undefined>(all.map(([name, { options }]) => [name, options.cron]));
      for (const [name, cron] of crons) if (cron) await boss.schedule(name, cron, { payload: {} });
      for (const { name } of await boss.getSchedules()) {
        const hosted = Object.hasOwn(jobs, name.slice(0, name.indexOf('.')));
        if (hosted && !crons.get(name)) await boss.unschedule(name);
      }
      if (!work) return;
      for (const [name, job] of all) {
        const { concurrency } = { ...defaults, ...job.options };
        // Two workers, so that a slow job does not keep the next ones from being fetched.
        const workers = Math.min(2, concurrency);
        const limit = Math.floor(concurrency / workers);
        const how = {
          perJobResults: true,
          burstWhenBatchFull: true,
          batchSize: rounds * limit,
          localConcurrency: workers,
          pollingIntervalSeconds: pollSeconds,
          notifyPollingIntervalSeconds: pollSeconds,
        } as const;
        const one = run(name, job);
        await boss.work(name, how, (batch: Job<Stored>[]) => inParallel(limit, batch, one));
      }
    },
    know(jobs) {
      known = named(jobs);
      for (const [name] of known) queues.add(name);
    },
    async drain(until) {
      // Gives back what ended with the process that ran it.
      await boss.supervise();
      for (const [name, job] of known) await sendScheduled(name, job);
      for (let ran = 1; ran > 0; ) {
        ran = 0;
        for (const [name, job] of known) if (Date.now() < until) ran += await runSome(name, job);
      }
    },
    async stop(timeoutMs) {
      clearInterval(sample);
      await boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}

/** Jobs by their full names. */
const named = (jobs: Readonly<Record<string, readonly JobDefinition[]>>) =>
  Object.entries(jobs).flatMap(([owner, list]) => list.map((job) => [`${owner}.${job.name}`, job] as const));

function valid(job: JobDefinition, payload: unknown): unknown {
  const [error] = check(job.payload, payload) ?? [];
  if (error) throw new Error(`Payload of the job ${job.name}: ${error.pointer} ${error.detail}`);
  return payload;
}
