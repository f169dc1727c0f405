import { Counter, collectDefaultMetrics, Gauge, Histogram, type LabelValues, Registry } from 'prom-client';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = ReturnType<typeof createMetrics>;

/** Every metric of the system, on a registry of its own so that two hosts in one process do not meet. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers });
  const requests = { inFlight: 0 };
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'HTTP requests being answered.',
    registers,
    collect() {
      this.set(requests.inFlight);
    },
  });
  return {
    registry,
    /** Counted here, because setting a gauge twice for each request costs more than counting. */
    requests,
    httpDuration: batched(
      histogram('http_request_duration_seconds', 'Duration of HTTP requests.', ['operation', 'method', 'status']),
    ),
    rateLimited: counter('rate_limited_total', 'Requests refused by the rate limit.', []),
    authTokens: counter('auth_tokens_total', 'Tokens by result: cached, verified, refused.', ['result']),
    dbConnections: gauge('db_pool_connections', 'Connections of the pool by state: idle, used, waiting.', ['state']),
    dbDuration: histogram('db_query_duration_seconds', 'Duration of SQL statements.', ['module']),
    cacheRequests: counter('cache_requests_total', 'Cache look-ups by result.', ['cache', 'result']),
    jobDuration: histogram('jobs_duration_seconds', 'Duration of jobs by outcome.', ['job', 'outcome']),
    jobDepth: gauge('jobs_queue_depth', 'Jobs that wait.', ['job']),
    outboxLag: gauge('outbox_lag_seconds', 'Age of the oldest event that was not published yet.', []),
    outboxPending: gauge('outbox_pending', 'Events that were not published yet.', []),
    outboxParked: gauge('outbox_parked', 'Events that no attempt could publish.', []),
    eventsDeadLettered: counter('events_dead_lettered_total', 'Events that no attempt of a group could consume.', [
      'topic',
      'group',
    ]),
    remoteDuration: histogram('remote_call_duration_seconds', 'Duration of calls to modules hosted elsewhere.', [
      'operation',
      'outcome',
    ]),
    remoteOpen: gauge('remote_circuit_open', '1 while calls to a module are refused here.', ['module']),
    eventsConsumed: counter('events_consumed_total', 'Events consumed by outcome.', ['topic', 'outcome']),
  };
}

/**
 * Observes 64 at a time, and before each scrape: an observation alone, between other work, costs ten times as much.
 * An observer is for one set of labels; keep it.
 */
function batched<L extends string>(histogram: Histogram<L>) {
  const flushes: (() => void)[] = [];
  const collect = () => {
    for (const flush of flushes) flush();
  };
  Object.assign(histogram, { collect });
  return {
    observer(labels: LabelValues<L>): (seconds: number) => void {
      const child = histogram.labels(labels);
      let waiting: number[] = [];
      const flush = () => {
        for (const seconds of waiting) child.observe(seconds);
        waiting = [];
      };
      flushes.push(flush);
      return (seconds) => {
        if (waiting.push(seconds) === 64) flush();
      };
    },
  };
}

/** Adds the process and event loop metrics of Node; once per process. */
export function collectProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}
