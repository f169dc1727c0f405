import type { Blueprint } from '../../../src/blueprint/schema.ts';
import type { Intent, IntentOf } from '../../../src/plan/template.ts';

/** Node that runs the pipeline's commands; the manifest pins the same one. */
const tools = { node: '24.21.0' };
const install = ['npm ci'];

const job = (
  stage: IntentOf<'job'>['stage'],
  id: string,
  run: readonly string[],
  resources: readonly string[] = [],
): Intent => ({ is: 'job', stage, id, run, resources, tools, install });

/** What a pipeline does with a system in this language. The tests run twice: on embedded adapters and on real ones. */
export const ciIntents: readonly Intent[] = [
  job('check', 'typecheck', ['npm run typecheck']),
  job('check', 'lint', ['npm run lint']),
  job('check', 'architecture', ['npm run arch']),
  job('test', 'test', ['npm test']),
  job('test', 'test-services', ['npm test'], ['*']),
  { is: 'manifest', ecosystem: 'npm', at: '' },
];

const metric = (
  kind: IntentOf<'metric'>['kind'],
  name: string,
  doc: string,
  labels: readonly string[] = [],
): Intent => ({
  is: 'metric',
  name,
  kind,
  labels,
  doc,
});

/** What the platform measures, under the names that it registers, and what it uses of Node's own metrics. */
export const metricIntents: readonly Intent[] = [
  metric('histogram', 'http_request_duration_seconds', 'Duration of HTTP requests.', ['operation', 'method', 'status']),
  metric('gauge', 'http_requests_in_flight', 'HTTP requests being answered.'),
  metric('counter', 'rate_limited_total', 'Requests refused by the rate limit.'),
  metric('counter', 'auth_tokens_total', 'Tokens by result.', ['result']),
  metric('gauge', 'db_pool_connections', 'Connections of the pool by state.', ['state']),
  metric('histogram', 'db_query_duration_seconds', 'Duration of SQL statements.', ['module']),
  metric('counter', 'cache_requests_total', 'Cache look-ups by result.', ['cache', 'result']),
  metric('histogram', 'jobs_duration_seconds', 'Duration of jobs by outcome.', ['job', 'outcome']),
  metric('gauge', 'jobs_queue_depth', 'Jobs that wait.', ['job']),
  metric('gauge', 'outbox_lag_seconds', 'Age of the oldest event that was not published yet.'),
  metric('gauge', 'outbox_pending', 'Events that were not published yet.'),
  metric('gauge', 'outbox_parked', 'Events that no attempt could publish.'),
  metric('counter', 'events_dead_lettered_total', 'Events that no attempt of a group could consume.', [
    'topic',
    'group',
  ]),
  metric('histogram', 'remote_call_duration_seconds', 'Duration of calls to modules hosted elsewhere.', [
    'operation',
    'outcome',
  ]),
  metric('gauge', 'remote_circuit_open', '1 while calls to a module are refused.', ['module']),
  metric('counter', 'events_consumed_total', 'Events consumed by outcome.', ['topic', 'outcome']),
  metric('gauge', 'nodejs_eventloop_lag_p99_seconds', 'Delay of the event loop, 99th percentile.'),
  metric('gauge', 'nodejs_heap_size_used_bytes', 'Heap in use.'),
  metric('gauge', 'process_resident_memory_bytes', 'Memory of the process.'),
  metric('counter', 'process_cpu_seconds_total', 'CPU time of the process.'),
];

const requests = 'http_request_duration_seconds_count';
const buckets = 'http_request_duration_seconds_bucket';
/** Operations of contracts are `<module>.<operation>`; probes and scrapes are counted too, and are nobody's experience. */
const contracts = 'operation=~".+[.].+"';
const windows = ['5m', '30m', '1h', '6h'] as const;

/** Requests by rate, errors and duration: of a deployable (`job`), and of each operation. */
export const recordIntents: readonly Intent[] = [
  record('job:http_requests:rate5m', rate('job', '5m')),
  ...windows.map((window) =>
    record(
      `job:http_errors:ratio_rate${window}`,
      `(${rate('job', window, ',status=~"5.."')} or 0 * ${rate('job', window)}) / ${rate('job', window)}`,
    ),
  ),
  record('job:http_request_duration_seconds:p95_5m', p95('job')),
  record('job_operation:http_requests:rate5m', rate('job, operation', '5m')),
  record('job_operation:http_request_duration_seconds:p95_5m', p95('job, operation')),
];

function rate(by: string, window: string, more = ''): string {
  return `sum by (${by}) (rate(${requests}{${contracts}${more}}[${window}]))`;
}

function p95(by: string): string {
  return `histogram_quantile(0.95, sum by (${by}, le) (rate(${buckets}{${contracts}}[5m])))`;
}

function record(name: string, expr: string): Intent {
  return { is: 'record', name, expr };
}

/** Queue of the platform into which jobs go that have failed as often as they may. */
const deadLetter = 'platform.dead-letter';

/** Part of all requests that may fail: an objective of 99.9 %. */
const budget = 0.001;

/**
 * What wakes somebody (page) or waits until the morning (ticket). The two burn rates are those of the SRE workbook's
 * chapter "Alerting on SLOs": 14.4 times the budget for an hour spends 2 % of a month's, 6 times for six hours 5 %.
 */
export function alertIntents({ deployables, capacity }: Blueprint): Intent[] {
  const servers = deployables
    .filter(({ kind, hosts }) => kind !== 'functions' && hosts.length > 0)
    .map(({ name }) => name);
  const [first] = servers;
  if (first === undefined) return [];
  const of = (labels = '') => `{job="${first}"${labels && `,${labels}`}}`;
  const alerts: IntentOf<'alert'>[] = [
    {
      is: 'alert',
      name: 'TargetDown',
      expr: [`up{job=~"${servers.join('|')}"} == 0`, ...servers.map((name) => `absent(up{job="${name}"})`)].join(
        ' or ',
      ),
      for: '2m',
      severity: 'page',
      summary: 'A deployable does not answer on its ops listener.',
      proof: {
        after: 5,
        fires: Object.fromEntries(servers.map((name) => [`up{job="${name}"}`, name === first ? '0x10' : '1x10'])),
        silent: Object.fromEntries(servers.map((name) => [`up{job="${name}"}`, '1x10'])),
        labels: { job: first },
      },
    },
    burn('ErrorBudgetBurnsFast', 14.4, '1h', '5m', '2m', 'page', first),
    burn('ErrorBudgetBurnsSlowly', 6, '6h', '30m', '15m', 'ticket', first),
    {
      is: 'alert',
      name: 'OutboxLags',
      expr: 'max by (job) (outbox_lag_seconds) > 60',
      for: '5m',
      severity: 'page',
      summary: 'Events have waited in the outbox for more than a minute: consumers do not see what happened.',
      proof: {
        after: 10,
        fires: { [`outbox_lag_seconds${of()}`]: '120x15' },
        silent: { [`outbox_lag_seconds${of()}`]: '2x15' },
        labels: { job: first },
      },
    },
    {
      is: 'alert',
      name: 'EventsParked',
      expr: 'max by (job) (outbox_parked) > 0',
      for: '5m',
      severity: 'ticket',
      summary: 'Events were given up by the outbox: consumers will not see them until somebody releases them.',
      proof: {
        after: 10,
        fires: { [`outbox_parked${of()}`]: '1x15' },
        silent: { [`outbox_parked${of()}`]: '0x15' },
        labels: { job: first },
      },
    },
    {
      is: 'alert',
      name: 'EventsDeadLettered',
      expr: 'sum by (job, group) (increase(events_dead_lettered_total[1h])) > 0',
      for: '0m',
      severity: 'ticket',
      summary: 'A group of consumers has given up events: they wait in its dead letters for somebody to look at them.',
      proof: {
        after: 10,
        fires: { [`events_dead_lettered_total${of('group="a.b",topic="b.c"')}`]: '0x5 1x10' },
        silent: { [`events_dead_lettered_total${of('group="a.b",topic="b.c"')}`]: '0x15' },
        labels: { job: first, group: 'a.b' },
      },
    },
    {
      is: 'alert',
      name: 'JobsPileUp',
      expr: 'max by (job, exported_job) (jobs_queue_depth) > 1000 and max by (job, exported_job) (deriv(jobs_queue_depth[15m])) > 0',
      for: '15m',
      severity: 'ticket',
      summary: 'A job queue is long and still grows: jobs arrive faster than they are done.',
      proof: {
        after: 40,
        fires: { [`jobs_queue_depth${of('exported_job="index"')}`]: '1000+100x45' },
        silent: { [`jobs_queue_depth${of('exported_job="index"')}`]: '5000-100x45' },
        labels: { job: first, exported_job: 'index' },
      },
    },
    {
      is: 'alert',
      name: 'JobsGivenUp',
      expr: `max by (job) (jobs_queue_depth{exported_job="${deadLetter}"}) > 0`,
      for: '5m',
      severity: 'ticket',
      summary: 'Jobs failed for good and wait in the dead-letter queue for somebody to look at them.',
      proof: {
        after: 10,
        fires: { [`jobs_queue_depth${of(`exported_job="${deadLetter}"`)}`]: '1x15' },
        silent: { [`jobs_queue_depth${of(`exported_job="${deadLetter}"`)}`]: '0x15' },
        labels: { job: first },
      },
    },
    {
      is: 'alert',
      name: 'JobsFail',
      expr: failing('jobs_duration_seconds_count', 'exported_job'),
      for: '10m',
      severity: 'ticket',
      summary: 'More than a tenth of the runs of a job fail.',
      proof: failingProof('jobs_duration_seconds_count', 'exported_job', 'index', of),
    },
    {
      is: 'alert',
      name: 'EventsFail',
      expr: failing('events_consumed_total', 'topic'),
      for: '10m',
      severity: 'ticket',
      summary: 'More than a tenth of the deliveries of a topic fail.',
      proof: failingProof('events_consumed_total', 'topic', 'a.b', of),
    },
    {
      is: 'alert',
      name: 'CacheUnreachable',
      expr: 'sum by (job) (increase(cache_requests_total{result="error"}[5m])) > 0',
      for: '10m',
      severity: 'ticket',
      summary: 'The shared cache does not answer: requests are still served, and every process loads for itself.',
      proof: {
        after: 20,
        fires: { [`cache_requests_total${of('cache="catalog",result="error"')}`]: '0+30x25' },
        silent: { [`cache_requests_total${of('cache="catalog",result="error"')}`]: '30x25' },
        labels: { job: first },
      },
    },
    {
      is: 'alert',
      name: 'EventLoopLags',
      expr: 'nodejs_eventloop_lag_p99_seconds > 0.2',
      for: '5m',
      severity: 'ticket',
      summary: 'Code blocks the event loop: every request waits for it. Move the work into a job, or add replicas.',
      proof: {
        after: 10,
        fires: { [`nodejs_eventloop_lag_p99_seconds${of()}`]: '0.5x15' },
        silent: { [`nodejs_eventloop_lag_p99_seconds${of()}`]: '0.02x15' },
        labels: { job: first },
      },
    },
    {
      is: 'alert',
      name: 'PoolSaturated',
      expr: 'min_over_time(db_pool_connections{state="waiting"}[5m]) > 0',
      for: '2m',
      severity: 'ticket',
      summary: 'Statements have waited for a database connection for minutes: queries are slow or the pool is small.',
      proof: {
        after: 10,
        fires: { [`db_pool_connections${of('state="waiting"')}`]: '4x15' },
        silent: { [`db_pool_connections${of('state="waiting"')}`]: '0 4 0 4 0 4 0 4 0 4 0 4 0 4 0' },
        labels: { job: first, state: 'waiting' },
      },
    },
    ...(capacity?.p95Ms ? [slow(capacity.p95Ms, first)] : []),
    ...(capacity?.peakRps ? [nearPeak(capacity.peakRps, first)] : []),
  ];
  return alerts;
}

function burn(
  name: string,
  factor: number,
  long: string,
  short: string,
  patience: string,
  severity: 'page' | 'ticket',
  server: string,
): IntentOf<'alert'> {
  const limit = Number((factor * budget).toPrecision(6));
  const series = (status: string) => `${requests}{job="${server}",operation="catalog.list",status="${status}"}`;
  return {
    is: 'alert',
    name,
    expr: `job:http_errors:ratio_rate${long} > ${limit} and job:http_errors:ratio_rate${short} > ${limit}`,
    for: patience,
    severity,
    summary: `Requests fail ${factor} times as fast as an objective of 99.9 % allows, over ${long} and ${short}.`,
    proof: {
      after: 30,
      fires: { [series('200')]: '0+90x35', [series('500')]: '0+10x35' },
      silent: { [series('200')]: '0+10000x35', [series('500')]: '0+1x35' },
      labels: { job: server },
    },
  };
}

const failing = (counter: string, label: string): string =>
  `sum by (job, ${label}) (rate(${counter}{outcome="failed"}[10m])) / sum by (job, ${label}) (rate(${counter}[10m])) > 0.1`;

function failingProof(
  counter: string,
  label: string,
  value: string,
  of: (labels: string) => string,
): NonNullable<IntentOf<'alert'>['proof']> {
  const series = (outcome: string) => `${counter}${of(`${label}="${value}",outcome="${outcome}"`)}`;
  const [job = ''] = /(?<=job=")[^"]+/.exec(of('')) ?? [];
  return {
    after: 30,
    fires: { [series('well')]: '0+5x35', [series('failed')]: '0+5x35' },
    silent: { [series('well')]: '0+99x35', [series('failed')]: '0+1x35' },
    labels: { job, [label]: value },
  };
}

function slow(p95Ms: number, server: string): IntentOf<'alert'> {
  const bucket = (le: string) =>
    `http_request_duration_seconds_bucket{job="${server}",operation="catalog.list",le="${le}"}`;
  const limit = p95Ms / 1000;
  return {
    is: 'alert',
    name: 'LatencyAboveTarget',
    expr: `job:http_request_duration_seconds:p95_5m > ${limit}`,
    for: '10m',
    severity: 'ticket',
    summary: `One request in twenty takes longer than the ${p95Ms} ms that the system is built for.`,
    proof: {
      after: 20,
      fires: { [bucket(String(limit))]: '0+1x25', [bucket(String(limit * 2))]: '0+60x25', [bucket('+Inf')]: '0+60x25' },
      silent: {
        [bucket(String(limit))]: '0+60x25',
        [bucket(String(limit * 2))]: '0+60x25',
        [bucket('+Inf')]: '0+60x25',
      },
      labels: { job: server },
    },
  };
}

function nearPeak(peakRps: number, server: string): IntentOf<'alert'> {
  const series = `${requests}{job="${server}",operation="catalog.list",status="200"}`;
  return {
    is: 'alert',
    name: 'TrafficNearPeak',
    expr: `sum(job:http_requests:rate5m) > ${peakRps * 0.8}`,
    for: '15m',
    severity: 'ticket',
    summary: `Traffic is above four fifths of the ${peakRps} requests a second that the system is built for.`,
    proof: {
      after: 25,
      fires: { [series]: `0+${peakRps * 60}x30` },
      silent: { [series]: `0+${Math.ceil(peakRps * 6)}x30` },
      labels: {},
    },
  };
}

/** Pipeline, metrics, records and alerts of a system whose deployables run on this platform. */
export const operationsIntents = (blueprint: Blueprint): readonly Intent[] => [
  ...ciIntents,
  ...metricIntents,
  ...recordIntents,
  ...alertIntents(blueprint),
];
