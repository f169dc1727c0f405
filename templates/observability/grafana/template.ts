import { json, yaml } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, Template } from '../../../src/plan/template.ts';
import { dashboard, datasource } from './dashboard.ts';

const home = 'observability/grafana';
const from = ['observability/grafana'];
const dashboards = '/var/lib/grafana-dashboards';

const tool = (path: string, content: string): PlannedFile => ({
  path: `${home}/${path}`,
  content,
  owner: 'tool',
  from,
});

/** Prometheus as data source and one dashboard, provisioned from files. */
export const grafana: Template = {
  axis: 'observability',
  id: 'grafana',
  title: 'Grafana',
  why: 'A dashboard of requests, saturation and background work, ready at the first start.',
  languages: 'any',
  refuse: ({ delivery }) =>
    delivery.observability.includes('prometheus')
      ? undefined
      : 'Its dashboard reads Prometheus: choose --observability prometheus,grafana.',
  state: (at, { delivery }) => {
    if (at.per !== 'system') return [];
    return delivery.deploy.includes('compose') ? [...intents, startedByCompose] : intents;
  },
  print: (system) => [
    tool(
      'provisioning/datasources/prometheus.yml',
      yaml({
        apiVersion: 1,
        datasources: [
          {
            name: 'Prometheus',
            type: datasource.type,
            uid: datasource.uid,
            access: 'proxy',
            url: '$PROMETHEUS_URL',
            isDefault: true,
            editable: false,
            jsonData: { timeInterval: '15s', httpMethod: 'POST' },
          },
        ],
      }),
    ),
    tool(
      'provisioning/dashboards/system.yml',
      yaml({
        apiVersion: 1,
        providers: [
          { name: system.blueprint.name, type: 'file', allowUiUpdates: false, options: { path: dashboards } },
        ],
      }),
    ),
    tool('dashboards/system.json', json(dashboard(system))),
  ],
};

const intents: readonly Intent[] = [
  {
    is: 'resource',
    id: 'grafana',
    image: 'grafana/grafana:13.2.1',
    port: 3000,
    ready: ['wget', '--quiet', '--spider', 'http://127.0.0.1:3000/api/health'],
    volume: '/var/lib/grafana',
    env: {
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    },
    secrets: { GF_SECURITY_ADMIN_PASSWORD: 'Password of the Grafana user `admin`.' },
    config: { '/etc/grafana/provisioning': `${home}/provisioning`, [dashboards]: `${home}/dashboards` },
    browse: 3001,
    memoryMb: 512,
    url: 'http://{host}:{port}',
  },
  {
    is: 'setting',
    name: 'PROMETHEUS_URL',
    readBy: 'grafana',
    secret: false,
    from: { resource: 'prometheus' },
    doc: 'Where Grafana finds the metrics.',
  },
];

const startedByCompose: Intent = {
  is: 'section',
  title: 'Monitoring',
  order: 70,
  text: `\`npm run up\` also starts Prometheus and Grafana. The dashboard is at http://127.0.0.1:3001, user \`admin\`,
password \`GF_SECURITY_ADMIN_PASSWORD\` in \`deploy/compose/.env\`. \`observability/prometheus/rules/system.yml\` holds the
alerts, \`rules_test.yml\` beside it the samples that prove each of them (\`promtool test rules rules_test.yml\`).
Alerts are shown in Prometheus and Grafana; to be woken by them, point Prometheus at your Alertmanager.`,
};
