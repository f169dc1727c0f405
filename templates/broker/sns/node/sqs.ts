import { setTimeout as sleep } from 'node:timers/promises';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { announce, createLane, envelopeIn, turns } from './lane.ts';
import type { BusContext, Receive } from './port.ts';

/** Events that a process has in hand of one group, and effects that it runs at a time. */
const [prefetch, concurrency] = [50, 10];
/** How long the queue waits for an event in hand, and how often that time begins anew while it is. */
const [visibilitySeconds, renewalMs] = [30, 10_000];
const waitSeconds = 10;
/** Deliveries after which the queue itself gives an event up: only where processes die of it again and again. */
const deliveries = 100;

interface Group {
  /** ARN of the topic. */
  readonly topic: string;
  readonly group: string;
  readonly topics: readonly string[];
  readonly receive: Receive;
  readonly context: BusContext;
}
interface Queues {
  readonly queue: string;
  readonly dead: string;
}

/** Receives the events of a group until it is closed. Resolves when its queues are there. */
export async function consume(of: Group): Promise<{ close(): Promise<void> }> {
  const { group, topics, receive, context } = of;
  const { log } = context;
  const client = new SQSClient({
    requestHandler: { requestTimeout: 20_000, connectionTimeout: 2_000, throwOnRequestTimeout: true },
  });
  const { queue, dead } = await queuesOf(of, client);
  const lane = createLane(group, receive, turns(concurrency), context);
  const inHand = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  const { signal } = stopping;
  announce(context, group, topics);

  const hide = (receipt: string, seconds: number) =>
    client
      .send(new ChangeMessageVisibilityCommand({ QueueUrl: queue, ReceiptHandle: receipt, VisibilityTimeout: seconds }))
      .catch((err) => log.warn({ err, group }, 'bus: an event may come again too early'));
  const renewal = setInterval(() => {
    for (const receipt of inHand.keys()) hide(receipt, visibilitySeconds);
  }, renewalMs);

  async function settle({ Body = '', ReceiptHandle = '', MessageId = '', Attributes }: Message): Promise<void> {
    const bury = async (error: unknown) => {
      const message = {
        QueueUrl: dead,
        MessageBody: Body,
        MessageGroupId: Attributes?.MessageGroupId ?? MessageId,
        MessageDeduplicationId: MessageId,
        MessageAttributes: { error: { DataType: 'String', StringValue: String(error).slice(0, 1_000) } },
      };
      await client.send(new SendMessageCommand(message));
    };
    const envelope = envelopeIn(Buffer.from(Body));
    const settled = await (envelope ? lane.take(envelope, bury) : lane.refuse(bury));
    if (!settled) await hide(ReceiptHandle, 0);
    else await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
  }

  async function receiveSome(): Promise<void> {
    const request = {
      QueueUrl: queue,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['MessageGroupId' as const],
    };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(request), { abortSignal: signal });
    for (const message of Messages) {
      const receipt = message.ReceiptHandle ?? '';
      const done = settle(message)
        .catch((err) => log.warn({ err, group }, 'bus: an event will come again'))
        .finally(() => inHand.delete(receipt));
      inHand.set(receipt, done);
    }
  }
  async function loop(): Promise<void> {
    while (!signal.aborted) {
      if (inHand.size >= prefetch) await Promise.race(inHand.values());
      else
        await receiveSome().catch(async (err) => {
          if (signal.aborted) return;
          log.warn({ err, group }, 'bus: nothing could be received');
          await sleep(1_000, undefined, { signal }).catch(() => {});
        });
    }
  }
  const running = loop();
  return {
    async close() {
      stopping.abort();
      await running;
      await lane.stop();
      await Promise.all(inHand.values());
      clearInterval(renewal);
      client.destroy();
    },
  };
}

/** `shop.orders` on the topic `shop.fifo` -> `shop_orders` */
const nameOf = ({ topic, group }: Group): string =>
  `${topic.slice(topic.lastIndexOf(':') + 1).replace(/\.fifo$/, '')}_${group.slice(group.indexOf('.') + 1)}`;

/** The queues of a group, as `template.yaml` makes them; what is not there is made here, where this process may. */
async function queuesOf(of: Group, client: SQSClient): Promise<Queues> {
  const name = nameOf(of);
  const urlOf = async (queue: string) =>
    (await client.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl ?? '';
  try {
    const [queue, dead] = await Promise.all([urlOf(`${name}.fifo`), urlOf(`${name}_dead.fifo`)]);
    return { queue, dead };
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    return makeQueues(of, name, client);
  }
}

async function makeQueues({ topic, topics }: Group, name: string, client: SQSClient): Promise<Queues> {
  const fifo = { FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
  const make = async (queue: string, more: Record<string, string> = {}) => {
    const request = { QueueName: `${queue}.fifo`, Attributes: { ...fifo, MessageRetentionPeriod: '1209600', ...more } };
    const { QueueUrl } = await client.send(new CreateQueueCommand(request));
    const asked = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    return { url: QueueUrl ?? '', arn: asked.Attributes?.QueueArn ?? '' };
  };
  const dead = await make(`${name}_dead`);
  const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: deliveries });
  const queue = await make(name, { RedrivePolicy: redrive });
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue.arn,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ],
  };
  await client.send(
    new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  const publisher = new SNSClient({});
  const attributes = { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ topic: topics }) };
  await publisher.send(
    new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: queue.arn, Attributes: attributes }),
  );
  publisher.destroy();
  return { queue: queue.url, dead: dead.url };
}
