import { yaml } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, Template } from '../../../src/plan/template.ts';
import { config, proofs, rules } from './config.ts';

const home = 'observability/prometheus';
const from = ['observability/prometheus'];

const tool = (path: string, content: string): PlannedFile => ({
  path: `${home}/${path}`,
  content,
  owner: 'tool',
  from,
});

/** Scrapes every deployable's ops listener, computes everybody's records and raises everybody's alerts. */
export const prometheus: Template = {
  axis: 'observability',
  id: 'prometheus',
  title: 'Prometheus',
  why: 'Metrics of every deployable, with alerts on what users notice.',
  languages: 'any',
  state: (at) => (at.per === 'system' ? intents : []),
  print: (system) => [
    tool('prometheus.yml', yaml(config(system))),
    tool('rules/system.yml', yaml(rules(system))),
    tool('rules_test.yml', yaml(proofs(system), ['promtool test rules rules_test.yml'])),
  ],
};

const intents: readonly Intent[] = [
  {
    is: 'resource',
    id: 'prometheus',
    image: 'prom/prometheus:v3.14.0',
    port: 9090,
    ready: ['promtool', 'check', 'ready', '--url', 'http://127.0.0.1:9090'],
    volume: '/prometheus',
    command: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      '--storage.tsdb.retention.time=15d',
      '--storage.tsdb.retention.size=2GB',
    ],
    config: { '/etc/prometheus': home },
    secretFiles: { '/run/secrets/ops-token': 'OPS_TOKEN' },
    memoryMb: 512,
    url: 'http://{host}:{port}',
  },
  {
    is: 'setting',
    name: 'OPS_TOKEN',
    readBy: 'prometheus',
    secret: true,
    from: { value: '' },
    doc: 'Bearer token that the ops listener asks for before it shows metrics.',
  },
];
