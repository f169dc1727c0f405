import type { Intent, Template } from '../../../src/plan/template.ts';

const platform = 'packages/platform';

export const sns: Template = {
  axis: 'broker',
  id: 'sns',
  title: 'Amazon SNS and SQS',
  why: 'what functions publish to and are started by: a FIFO topic, and a FIFO queue with dead letters for each module',
  languages: ['node'],
  provides: ['bus'],
  refuse: ({ deployables }) =>
    deployables.some(({ kind }) => kind === 'functions')
      ? undefined
      : 'It is for systems with functions, and this one has none: choose --broker rabbitmq.',
  state: (at) => {
    if (at.per === 'system') return systemIntents;
    return at.per === 'deployable' && at.deployable.hosts.length > 0 ? [setting(at.deployable.name)] : [];
  },
  files: [{ per: 'system', from: 'node', to: `${platform}/src/bus`, owner: 'tool', when: { language: 'node' } }],
};

const systemIntents: readonly Intent[] = [
  { is: 'dependency', language: 'node', at: platform, name: '@aws-sdk/client-sns', version: '3.1169.0' },
  { is: 'dependency', language: 'node', at: platform, name: '@aws-sdk/client-sqs', version: '3.1175.0' },
  { is: 'adapter', language: 'node', port: 'bus', scheme: 'sns', file: 'bus/sns.ts', symbol: 'sns' },
];

const setting = (readBy: string): Intent => ({
  is: 'setting',
  name: 'BUS_URL',
  readBy,
  secret: false,
  from: { cloud: 'topic' },
  doc: 'Topic of all events: sns://arn:aws:sns:region:account:name.fifo.',
});
