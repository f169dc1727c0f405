import { pascal } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable, Module } from '../../../src/blueprint/schema.ts';
import { settingsOf } from '../../../src/plan/print.ts';
import type { IntentOf, SystemSpec } from '../../../src/plan/template.ts';
import { att, ref, sub, when } from './tags.ts';

type Function = IntentOf<'function'>;
type Setting = IntentOf<'setting'>;
type Resources = Record<string, unknown>;

/** Attempts of an event before its queue puts it aside. */
const attempts = 10;
const day = 86_400;

/** The SAM template of a system. */
export function model(system: SystemSpec): Record<string, unknown> {
  const { blueprint } = system;
  const sets = blueprint.deployables.filter(({ kind }) => kind === 'functions');
  const shared = sharedBy(system, sets);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Description: `${blueprint.name}: functions, queues, schedules and their permissions.`,
    Parameters: { ...parameters(system, sets), ...network },
    Conditions: {
      InNetwork: not(equals(joined('SubnetIds'), '')),
      Reserved: not(equals(ref('HttpConcurrency'), 0)),
    },
    Globals: {
      Function: {
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        VpcConfig: when('InNetwork', { SubnetIds: ref('SubnetIds'), SecurityGroupIds: ref('SecurityGroupIds') }),
        Environment: {
          Variables: {
            ...Object.fromEntries(shared.map((setting) => [setting.name, setTo(system, setting)])),
            NODE_OPTIONS: '--enable-source-maps',
          },
        },
      },
    },
    Resources: {
      ...api,
      ...topic,
      ...Object.assign({}, ...blueprint.modules.map((module) => queueOf(blueprint, module))),
      ...Object.assign({}, ...sets.map((set) => setOf(system, set, shared))),
    },
    Outputs: {
      Url: { Description: 'Where clients find the system.', Value: att('Api', 'ApiEndpoint') },
      BusUrl: { Description: 'BUS_URL of deployables that run elsewhere.', Value: sub('sns://${Sns}') },
      ...Object.assign({}, ...sets.map((set) => outputOf(system, set))),
    },
  };
}

const network = {
  SubnetIds: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Private subnets from which the database is reached; empty: outside of any network.',
  },
  SecurityGroupIds: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Security groups of the functions in those subnets.',
  },
  HttpConcurrency: {
    Type: 'Number',
    Default: 0,
    MinValue: 0,
    Description: 'Requests that each set answers at a time, reserved of the account; 0 reserves none.',
  },
  LogDays: { Type: 'Number', Default: 30, Description: 'Days for which logs are kept.' },
};

const equals = (a: unknown, b: unknown) => ({ 'Fn::Equals': [a, b] });
const not = (condition: unknown) => ({ 'Fn::Not': [condition] });
const joined = (list: string) => ({ 'Fn::Join': ['', ref(list)] });

/** `LOG_LEVEL` -> `LogLevel` */
const parameterOf = (name: string): string => pascal(name.toLowerCase().replaceAll('_', '-'));

/** Settings whose value is the same for every set are stated once. */
function sharedBy(system: SystemSpec, sets: readonly Deployable[]): readonly Setting[] {
  const [first, ...others] = sets.map(({ name }) => settingsOf(system, name));
  const common = (setting: Setting) =>
    !setting.secret &&
    !('cloud' in setting.from && setting.from.cloud === 'queue') &&
    others.every((other) =>
      other.some(({ name, from }) => name === setting.name && JSON.stringify(from) === JSON.stringify(setting.from)),
    );
  return (first ?? []).filter(common);
}

/** What a person says: settings that are no secret, and addresses of deployables that run elsewhere. */
function parameters(system: SystemSpec, sets: readonly Deployable[]): Resources {
  const asked = sets
    .flatMap(({ name }) => settingsOf(system, name))
    .filter((setting) => !setting.secret && !setting.fixed && (elsewhere(system, setting) || 'value' in setting.from));
  return Object.fromEntries(
    asked.map((setting) => {
      const { name, doc, from, fallback } = setting;
      const value = 'value' in from && from.value !== '' ? from.value : plain(fallback);
      const open = fallback === undefined && value === undefined;
      return [parameterOf(name), { Type: 'String', ...(open ? {} : { Default: value ?? '' }), Description: doc }];
    }),
  );
}
/** A fallback that is a value, not a sentence about what happens instead. */
const plain = (fallback: string | undefined): string | undefined =>
  fallback !== undefined && /^\S+$/.test(fallback) ? fallback : undefined;

const elsewhere = ({ blueprint }: SystemSpec, { from }: Setting): boolean =>
  'deployable' in from &&
  blueprint.deployables.some(({ name, kind }) => name === from.deployable && kind !== 'functions');

function setTo(system: SystemSpec, setting: Setting): unknown {
  const { name, from, readBy, secret, fixed } = setting;
  if (secret) return sub(`{{resolve:secretsmanager:\${AWS::StackName}/${readBy}:SecretString:${name}}}`);
  if ('cloud' in from) return from.cloud === 'topic' ? sub('sns://${Sns}') : ref(`${pascal(readBy)}Work`);
  if ('deployable' in from && !elsewhere(system, setting))
    return att(`${pascal(from.deployable)}InternalUrl`, 'FunctionUrl');
  return fixed && 'value' in from ? from.value : ref(parameterOf(name));
}

/** What holds something goes with the stack, and that is said. */
const temporary = { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };

const logs = (name: string) => ({
  Type: 'AWS::Logs::LogGroup',
  ...temporary,
  Properties: { LogGroupName: sub(name), RetentionInDays: ref('LogDays') },
});

const api: Resources = {
  Api: {
    Type: 'AWS::Serverless::HttpApi',
    Properties: {
      FailOnWarnings: true,
      DefaultRouteSettings: { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 },
      AccessLogSettings: {
        DestinationArn: att('ApiLogs', 'Arn'),
        Format: JSON.stringify({
          time: '$context.requestTimeEpoch',
          method: '$context.httpMethod',
          path: '$context.path',
          status: '$context.status',
          latencyMs: '$context.responseLatency',
          requestId: '$context.requestId',
          error: '$context.integrationErrorMessage',
        }),
      },
    },
  },
  ApiLogs: logs('/aws/apigateway/${AWS::StackName}'),
};

const topic: Resources = {
  Sns: {
    Type: 'AWS::SNS::Topic',
    Properties: {
      TopicName: sub('${AWS::StackName}.fifo'),
      FifoTopic: true,
      FifoThroughputScope: 'MessageGroup',
      ContentBasedDeduplication: false,
    },
  },
};

const fifo = {
  FifoQueue: true,
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
  SqsManagedSseEnabled: true,
};

/** The events that a module consumes, in the order of their keys; what never succeeds is put aside and raises an alarm. */
function queueOf(blueprint: Blueprint, { name, consumes }: Module): Resources {
  const id = pascal(name);
  const home = blueprint.deployables.find(({ hosts }) => hosts.includes(name));
  const timeout = home?.kind === 'functions' ? 6 * 30 : 60;
  return {
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      ...temporary,
      Properties: {
        QueueName: sub(`\${AWS::StackName}_${name}.fifo`),
        ...fifo,
        // Six times the function's own, as AWS asks for.
        VisibilityTimeout: timeout,
        MessageRetentionPeriod: 4 * day,
        RedrivePolicy: { deadLetterTargetArn: att(`${id}DeadLetters`, 'Arn'), maxReceiveCount: attempts },
      },
    },
    [`${id}DeadLetters`]: {
      Type: 'AWS::SQS::Queue',
      ...temporary,
      Properties: {
        QueueName: sub(`\${AWS::StackName}_${name}_dead.fifo`),
        ...fifo,
        MessageRetentionPeriod: 14 * day,
      },
    },
    [`${id}DeadLettersAlarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmDescription: `Events that ${name} could not consume wait for people.`,
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: att(`${id}DeadLetters`, 'QueueName') }],
        Statistic: 'Maximum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      },
    },
    [`${id}QueuePolicy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref(`${id}Queue`)],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: att(`${id}Queue`, 'Arn'),
              Condition: { ArnEquals: { 'aws:SourceArn': ref('Sns') } },
            },
          ],
        },
      },
    },
    [`${id}Subscription`]: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: ref('Sns'),
        Protocol: 'sqs',
        Endpoint: att(`${id}Queue`, 'Arn'),
        RawMessageDelivery: true,
        // Its own, and what architecture.yaml says that it consumes.
        FilterPolicy: { topic: [{ prefix: `${name}.` }, ...consumes] },
      },
    },
  };
}

function setOf(system: SystemSpec, set: Deployable, shared: readonly Setting[]): Resources {
  const functions = system.all('function').filter(({ deployable }) => deployable === set.name);
  const own = settingsOf(system, set.name).filter(({ name }) => !shared.some((setting) => setting.name === name));
  const variables = Object.fromEntries(own.map((setting) => [setting.name, setTo(system, setting)]));
  return {
    [`${pascal(set.name)}Work`]: {
      Type: 'AWS::SQS::Queue',
      ...temporary,
      Properties: {
        // Old ones say nothing: the schedule has looked since.
        MessageRetentionPeriod: 600,
        VisibilityTimeout: 6 * 180,
        SqsManagedSseEnabled: true,
      },
    },
    ...Object.assign({}, ...functions.map((one) => functionOf(system, set, one, variables))),
  };
}

function functionOf(system: SystemSpec, set: Deployable, one: Function, variables: object): Resources {
  const id = idOf(one);
  return {
    [id]: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        Description: `${set.name}: ${one.doc}`,
        CodeUri: `${set.path}/dist/`,
        Handler: `functions.${one.handler}`,
        Timeout: one.timeoutSeconds,
        MemorySize: one.memoryMb,
        LoggingConfig: { LogGroup: ref(`${id}Logs`) },
        ...(one.on === 'http' ? { ReservedConcurrentExecutions: when('Reserved', ref('HttpConcurrency')) } : {}),
        Environment: { Variables: variables },
        Policies: policiesOf(set, one),
        ...triggerOf(system, set, one),
      },
    },
    [`${id}Logs`]: logs(`/aws/lambda/\${AWS::StackName}-${set.name}-${one.id}`),
  };
}

/** `catalog` and `work` -> `CatalogWorkFunction`: its queue is called `CatalogWork`. */
const idOf = ({ deployable, id }: Function): string => `${pascal(deployable)}${pascal(id)}${id === 'work' ? 'er' : ''}`;

/** What it may do, besides what SAM adds: to write its log, to read the queue that starts it, to be in a network. */
function policiesOf({ name }: Deployable, { may }: Function): readonly object[] {
  const statements = [
    ...(may.includes('wake')
      ? [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: att(`${pascal(name)}Work`, 'Arn') }]
      : []),
    ...(may.includes('publish') ? [{ Effect: 'Allow', Action: 'sns:Publish', Resource: ref('Sns') }] : []),
  ];
  return [{ Version: '2012-10-17', Statement: statements }];
}

function triggerOf({ blueprint }: SystemSpec, { name, hosts }: Deployable, { on }: Function): object {
  switch (on) {
    case 'http':
      return { Events: { ...routes(hosts), ...(isFirst(blueprint, name) ? { Rest: route() } : {}) } };
    case 'internal':
      return { FunctionUrlConfig: { AuthType: 'NONE' } };
    case 'events':
      return {
        Events: Object.fromEntries(
          hosts.map((host) => [
            pascal(host),
            {
              Type: 'SQS',
              Properties: {
                Queue: att(`${pascal(host)}Queue`, 'Arn'),
                BatchSize: 10,
                FunctionResponseTypes: ['ReportBatchItemFailures'],
                // Connections to the database are what there is least of.
                ScalingConfig: { MaximumConcurrency: 10 },
              },
            },
          ]),
        ),
      };
    case 'work':
      return {
        Events: {
          EveryMinute: {
            Type: 'ScheduleV2',
            Properties: { ScheduleExpression: 'rate(1 minute)', RetryPolicy: { MaximumRetryAttempts: 0 } },
          },
          Woken: {
            Type: 'SQS',
            Properties: {
              Queue: att(`${pascal(name)}Work`, 'Arn'),
              BatchSize: 10,
              ScalingConfig: { MaximumConcurrency: 2 },
            },
          },
        },
      };
  }
}

const route = (path?: string) => ({
  Type: 'HttpApi',
  Properties: { ApiId: ref('Api'), ...(path ? { Path: path, Method: 'ANY' } : {}) },
});
const routes = (modules: readonly string[]) =>
  Object.fromEntries(modules.map((module) => [pascal(module), route(`/${module}/{proxy+}`)]));
/** The set that answers what no other does: probes, documentation, and 404. */
const isFirst = ({ deployables }: Blueprint, name: string): boolean =>
  deployables.find(({ kind }) => kind === 'functions')?.name === name;

function outputOf(system: SystemSpec, set: Deployable): Resources {
  const internal = system.all('function').some(({ deployable, on }) => deployable === set.name && on === 'internal');
  if (!internal) return {};
  const id = `${pascal(set.name)}Internal`;
  return {
    [`${id}Url`]: {
      Description: `Where ${set.name} answers other deployables.`,
      Value: att(`${id}Url`, 'FunctionUrl'),
    },
  };
}
