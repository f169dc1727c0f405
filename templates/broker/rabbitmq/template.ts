import type { Intent, Template } from '../../../src/plan/template.ts';

const platform = 'packages/platform';

export const rabbitmq: Template = {
  axis: 'broker',
  id: 'rabbitmq',
  title: 'RabbitMQ',
  why: 'events between processes, kept in replicated queues: confirmed, in order for each key, tried again, dead-lettered',
  languages: ['node'],
  provides: ['bus'],
  state: (at) => {
    if (at.per === 'system') return systemIntents;
    return at.per === 'deployable' && at.deployable.hosts.length > 0 ? [setting(at.deployable.name)] : [];
  },
  files: [{ per: 'system', from: 'node', to: `${platform}/src/bus`, owner: 'tool', when: { language: 'node' } }],
};

const systemIntents: readonly Intent[] = [
  {
    is: 'resource',
    id: 'rabbitmq',
    image: 'rabbitmq:4',
    port: 5672,
    ready: ['rabbitmq-diagnostics', '--quiet', 'check_port_connectivity'],
    volume: '/var/lib/rabbitmq',
    env: {
      RABBITMQ_DEFAULT_USER: 'app',
      // Its name is part of where the data lies.
      RABBITMQ_NODENAME: 'rabbit@localhost',
    },
    secrets: { RABBITMQ_DEFAULT_PASS: 'Password of the broker’s user.' },
    url: 'amqp://app:{RABBITMQ_DEFAULT_PASS}@{host}:{port}',
    memoryMb: 512,
  },
  { is: 'dependency', language: 'node', at: platform, name: 'amqplib', version: '2.3.1' },
  { is: 'adapter', language: 'node', port: 'bus', scheme: 'amqp', file: 'bus/rabbitmq.ts', symbol: 'rabbitmq' },
];

const setting = (readBy: string): Intent => ({
  is: 'setting',
  name: 'BUS_URL',
  readBy,
  secret: true,
  from: { resource: 'rabbitmq' },
  doc: 'RabbitMQ: amqp://user:password@host.',
  fallback: 'a bus in memory',
});
