import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, type JobResult, PgBoss } from 'pg-boss';
import { inParallel } from '../parallel.ts';
import { announce } from './lane.ts';
import type { Envelope, OpenBus, Receive } from './port.ts';

/** Workers of a group in one process, and events that each has in hand. */
const [workers, batchSize] = [2, 5];
/** Time for one effect. */
const effectSeconds = 60;

/**
 * A bus for few events that needs no broker: a database that all deployables reach, with a queue for each group. It makes
 * real processes possible on a developer's machine; each event costs a few commits.
 */
export const postgresBus: OpenBus = async (url, { log, metrics, attempts }) => {
  const boss = new PgBoss({
    connectionString: url,
    schema: 'bus',
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    queueCacheIntervalSeconds: 10,
  });
  let lost = false;
  const closing = new AbortController();
  boss.on('error', (err) => log.warn({ err }, 'bus: the database'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, `bus: ${message}`));
  await boss.start();

  /** After a failure nothing is published until the database answers. */
  async function recover(): Promise<void> {
    if (lost) return;
    lost = true;
    while (!closing.signal.aborted && !(await boss.isInstalled().catch(() => false)))
      await sleep(500, undefined, { signal: closing.signal }).catch(() => {});
    lost = false;
  }

  function consume(group: string, receive: Receive) {
    return async ({ id, data, retryCount }: Job<Envelope>): Promise<JobResult> => {
      const { id: event, topic } = data;
      const attempt = retryCount + 1;
      try {
        if (attempt > attempts) throw new Error('processes ended while they consumed it');
        await receive(data);
        return { id, status: 'completed' };
      } catch (error) {
        const over = attempt >= attempts;
        log[over ? 'error' : 'warn']({ err: error, event, topic, group, attempt }, 'event not consumed');
        const output = { message: String(error) };
        return { id, status: over && (await putAside(group, data)) ? 'completed' : 'failed', output };
      }
    };
  }

  /** Done here: a job that has failed for good would hold back its key for ever. */
  async function putAside(group: string, envelope: Envelope): Promise<boolean> {
    try {
      await boss.send(`${group}.dead`, envelope);
      metrics.eventsDeadLettered.inc({ topic: envelope.topic, group });
      return true;
    } catch (err) {
      log.error({ err, event: envelope.id, group }, 'event could not be put aside');
      return false;
    }
  }

  return {
    async publish(envelope) {
      try {
        await boss.publish(envelope.topic, envelope, { singletonKey: envelope.key ?? envelope.id });
      } catch (error) {
        recover();
        throw error;
      }
    },
    connected: () => !lost,
    async subscribe(group, topics, receive) {
      announce({ metrics }, group, topics);
      const queue = {
        notify: true,
        // More than there are attempts: who dies of an event does not put it aside.
        retryLimit: attempts + 100,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 60,
        expireInSeconds: effectSeconds,
        heartbeatSeconds: 10,
        deleteAfterSeconds: 3600,
      };
      await boss.createQueue(`${group}.dead`);
      await boss.createQueue(group, { policy: 'key_strict_fifo', ...queue });
      await boss.updateQueue(group, queue);
      for (const topic of topics) await boss.subscribe(topic, group);
      const options = {
        perJobResults: true,
        includeMetadata: true,
        burstWhenBatchFull: true,
        batchSize,
        localConcurrency: workers,
        pollingIntervalSeconds: 0.5,
        notifyPollingIntervalSeconds: 0.5,
      } as const;
      const one = consume(group, receive);
      await boss.work(group, options, (jobs: Job<Envelope>[]) => inParallel(batchSize, jobs, one));
    },
    async close() {
      closing.abort();
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
};
