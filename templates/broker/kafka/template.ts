import type { Intent, Template } from '../../../src/plan/template.ts';

const platform = 'packages/platform';

export const kafka: Template = {
  axis: 'broker',
  id: 'kafka',
  title: 'Apache Kafka',
  why: 'events between processes in a log that other readers may follow too: in order for each key, tried again, dead-lettered',
  languages: ['node'],
  provides: ['bus'],
  state: (at) => {
    if (at.per === 'system') return systemIntents;
    return at.per === 'deployable' && at.deployable.hosts.length > 0 ? [setting(at.deployable.name)] : [];
  },
  files: [{ per: 'system', from: 'node', to: `${platform}/src/bus`, owner: 'tool', when: { language: 'node' } }],
};

const data = '/var/lib/kafka/data';

const systemIntents: readonly Intent[] = [
  {
    is: 'resource',
    id: 'kafka',
    image: 'apache/kafka:4.2.2',
    port: 9092,
    // Starting one of Kafka's own programs takes longer than a health check may.
    ready: ['nc', '-z', 'localhost', '9092'],
    volume: data,
    // One node that is broker and controller. The image takes none of its own settings where any is given.
    env: {
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENERS: 'CLIENTS://:9092,CONTROLLER://localhost:9093',
      // Clients are told to go on with this address.
      KAFKA_ADVERTISED_LISTENERS: 'CLIENTS://{host}:{port}',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'CLIENTS',
      KAFKA_LOG_DIRS: data,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m',
    },
    url: 'kafka://{host}:{port}',
    memoryMb: 1024,
  },
  { is: 'dependency', language: 'node', at: platform, name: '@platformatic/kafka', version: '2.12.1' },
  { is: 'adapter', language: 'node', port: 'bus', scheme: 'kafka', file: 'bus/kafka.ts', symbol: 'kafka' },
];

const setting = (readBy: string): Intent => ({
  is: 'setting',
  name: 'BUS_URL',
  readBy,
  secret: true,
  from: { resource: 'kafka' },
  doc: 'Kafka: kafka://host:9092,host:9092; kafkas://user:password@host:9093?mechanism=SCRAM-SHA-512 with TLS and SASL.',
  fallback: 'a bus in memory',
});
