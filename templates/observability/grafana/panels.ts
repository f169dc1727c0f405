/** A question that a dashboard answers. Printed only where every metric or record that it `needs` is stated. */
export interface Question {
  readonly row: string;
  readonly title: string;
  readonly doc: string;
  readonly needs: readonly string[];
  readonly unit: string;
  /** now: one number. over-time (default): lines. */
  readonly show?: 'now' | 'over-time';
  readonly lines: readonly { readonly expr: string; readonly legend: string }[];
}

/** The deployables that the reader of the dashboard chose. */
const chosen = 'job=~"$job"';
/** Of these, the operations of contracts: probes and scrapes have names without a dot. */
const contracts = `${chosen},operation=~".+[.].+"`;

const p95 = (metric: string, by: string, match = chosen): string =>
  `histogram_quantile(0.95, sum by (${by}, le) (rate(${metric}_bucket{${match}}[$__rate_interval])))`;
const rate = (metric: string, by: string, match = chosen): string =>
  `sum by (${by}) (rate(${metric}{${match}}[$__rate_interval]))`;

const overview = 'Overview';
const requests = 'Requests';
const saturation = 'Saturation';
const data = 'Data';
const background = 'Background work';

/** In the order in which a person on call looks: what users notice, then what is full, then what is late. */
export const questions: readonly Question[] = [
  {
    row: overview,
    title: 'Requests',
    doc: 'Requests a second.',
    needs: ['job:http_requests:rate5m'],
    unit: 'reqps',
    show: 'now',
    lines: [{ expr: `sum(job:http_requests:rate5m{${chosen}})`, legend: 'requests' }],
  },
  {
    row: overview,
    title: 'Failed',
    doc: 'Part of the requests that were answered with 5xx.',
    needs: ['job:http_errors:ratio_rate5m'],
    unit: 'percentunit',
    show: 'now',
    lines: [{ expr: `max(job:http_errors:ratio_rate5m{${chosen}})`, legend: 'failed' }],
  },
  {
    row: overview,
    title: '95th percentile',
    doc: 'Nineteen of twenty requests were faster.',
    needs: ['job:http_request_duration_seconds:p95_5m'],
    unit: 's',
    show: 'now',
    lines: [{ expr: `max(job:http_request_duration_seconds:p95_5m{${chosen}})`, legend: 'p95' }],
  },
  {
    row: overview,
    title: 'Targets down',
    doc: 'Processes that do not answer on their ops listener.',
    needs: ['up'],
    unit: 'short',
    show: 'now',
    lines: [{ expr: `sum(1 - up{${chosen}})`, legend: 'down' }],
  },
  {
    row: requests,
    title: 'Rate by operation',
    doc: 'Requests a second.',
    needs: ['http_request_duration_seconds'],
    unit: 'reqps',
    lines: [{ expr: rate('http_request_duration_seconds_count', 'operation', contracts), legend: '{{operation}}' }],
  },
  {
    row: requests,
    title: 'Errors by operation',
    doc: 'Answers of 5xx a second.',
    needs: ['http_request_duration_seconds'],
    unit: 'reqps',
    lines: [
      {
        expr: rate('http_request_duration_seconds_count', 'operation, status', `${contracts},status=~"5.."`),
        legend: '{{operation}} {{status}}',
      },
    ],
  },
  {
    row: requests,
    title: 'Duration by operation',
    doc: '95th percentile.',
    needs: ['http_request_duration_seconds'],
    unit: 's',
    lines: [{ expr: p95('http_request_duration_seconds', 'operation', contracts), legend: '{{operation}}' }],
  },
  {
    row: requests,
    title: 'In flight',
    doc: 'Requests being answered.',
    needs: ['http_requests_in_flight'],
    unit: 'short',
    lines: [{ expr: `sum by (job, instance) (http_requests_in_flight{${chosen}})`, legend: '{{job}} {{instance}}' }],
  },
  {
    row: requests,
    title: 'Turned away',
    doc: 'Requests over the rate limit, and tokens that were refused, a second.',
    needs: ['rate_limited_total', 'auth_tokens_total'],
    unit: 'reqps',
    lines: [
      { expr: rate('rate_limited_total', 'job'), legend: '{{job}} rate limit' },
      { expr: rate('auth_tokens_total', 'job', `${chosen},result="refused"`), legend: '{{job}} token' },
    ],
  },
  {
    row: requests,
    title: 'Tokens',
    doc: 'Verified anew, taken from the cache, or refused, a second.',
    needs: ['auth_tokens_total'],
    unit: 'ops',
    lines: [{ expr: rate('auth_tokens_total', 'result'), legend: '{{result}}' }],
  },
  {
    row: saturation,
    title: 'Event loop delay',
    doc: '99th percentile: what every request waits besides its own work.',
    needs: ['nodejs_eventloop_lag_p99_seconds'],
    unit: 's',
    lines: [{ expr: `nodejs_eventloop_lag_p99_seconds{${chosen}}`, legend: '{{job}} {{instance}}' }],
  },
  {
    row: saturation,
    title: 'CPU',
    doc: 'Seconds of CPU a second.',
    needs: ['process_cpu_seconds_total'],
    unit: 'short',
    lines: [{ expr: rate('process_cpu_seconds_total', 'job, instance'), legend: '{{job}} {{instance}}' }],
  },
  {
    row: saturation,
    title: 'Memory',
    doc: 'Resident memory and the used part of the heap.',
    needs: ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes'],
    unit: 'bytes',
    lines: [
      { expr: `process_resident_memory_bytes{${chosen}}`, legend: '{{job}} {{instance}}' },
      { expr: `nodejs_heap_size_used_bytes{${chosen}}`, legend: '{{job}} {{instance}} heap' },
    ],
  },
  {
    row: saturation,
    title: 'Database connections',
    doc: 'Waiting means that statements queue for a connection.',
    needs: ['db_pool_connections'],
    unit: 'short',
    lines: [{ expr: `sum by (job, state) (db_pool_connections{${chosen}})`, legend: '{{job}} {{state}}' }],
  },
  {
    row: data,
    title: 'Statements by module',
    doc: '95th percentile.',
    needs: ['db_query_duration_seconds'],
    unit: 's',
    lines: [{ expr: p95('db_query_duration_seconds', 'module'), legend: '{{module}}' }],
  },
  {
    row: data,
    title: 'Cache hit ratio',
    doc: 'Part of the look-ups that were answered from the cache.',
    needs: ['cache_requests_total'],
    unit: 'percentunit',
    lines: [
      {
        expr: `${rate('cache_requests_total', 'cache', `${chosen},result=~"hit|stale"`)} / ${rate('cache_requests_total', 'cache', `${chosen},result=~"hit|stale|miss"`)}`,
        legend: '{{cache}}',
      },
    ],
  },
  {
    row: data,
    title: 'Cache look-ups by result',
    doc: 'Look-ups a second.',
    needs: ['cache_requests_total'],
    unit: 'ops',
    lines: [{ expr: rate('cache_requests_total', 'cache, result'), legend: '{{cache}} {{result}}' }],
  },
  {
    row: background,
    title: 'Jobs waiting',
    doc: 'Length of each queue.',
    needs: ['jobs_queue_depth'],
    unit: 'short',
    lines: [{ expr: `max by (exported_job) (jobs_queue_depth{${chosen}})`, legend: '{{exported_job}}' }],
  },
  {
    row: background,
    title: 'Jobs done',
    doc: 'Runs a second by outcome.',
    needs: ['jobs_duration_seconds'],
    unit: 'ops',
    lines: [
      { expr: rate('jobs_duration_seconds_count', 'exported_job, outcome'), legend: '{{exported_job}} {{outcome}}' },
    ],
  },
  {
    row: background,
    title: 'Duration of jobs',
    doc: '95th percentile.',
    needs: ['jobs_duration_seconds'],
    unit: 's',
    lines: [{ expr: p95('jobs_duration_seconds', 'exported_job'), legend: '{{exported_job}}' }],
  },
  {
    row: background,
    title: 'Outbox lag',
    doc: 'Age of the oldest event that was not published yet.',
    needs: ['outbox_lag_seconds'],
    unit: 's',
    lines: [{ expr: `max by (job) (outbox_lag_seconds{${chosen}})`, legend: '{{job}}' }],
  },
  {
    row: background,
    title: 'Outbox length',
    doc: 'Events that were not published yet, and those that were given up.',
    needs: ['outbox_pending', 'outbox_parked'],
    unit: 'short',
    lines: [
      { expr: `max by (job) (outbox_pending{${chosen}})`, legend: '{{job}}' },
      { expr: `max by (job) (outbox_parked{${chosen}})`, legend: '{{job}} parked' },
    ],
  },
  {
    row: background,
    title: 'Events consumed',
    doc: 'Deliveries a second by outcome.',
    needs: ['events_consumed_total'],
    unit: 'ops',
    lines: [{ expr: rate('events_consumed_total', 'topic, outcome'), legend: '{{topic}} {{outcome}}' }],
  },
  {
    row: background,
    title: 'Events given up',
    doc: 'Dead letters of the last hour by group of consumers.',
    needs: ['events_dead_lettered_total'],
    unit: 'short',
    lines: [{ expr: `sum by (group) (increase(events_dead_lettered_total{${chosen}}[1h]))`, legend: '{{group}}' }],
  },
];

/** The plain question about a metric that no other question asks about. */
export function question(metric: {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly doc: string;
}): Question {
  const { name, kind, doc } = metric;
  const by = ['job', ...metric.labels.map((label) => (label === 'job' ? 'exported_job' : label))];
  const legend = by.map((label) => `{{${label}}}`).join(' ');
  const common = { row: 'Other', title: name, doc, needs: [name] };
  switch (kind) {
    case 'counter':
      return { ...common, unit: 'ops', lines: [{ expr: rate(name, by.join(', ')), legend }] };
    case 'gauge':
      return { ...common, unit: 'short', lines: [{ expr: `sum by (${by.join(', ')}) (${name}{${chosen}})`, legend }] };
    case 'histogram':
      return { ...common, unit: 's', lines: [{ expr: p95(name, by.join(', ')), legend }] };
  }
}
