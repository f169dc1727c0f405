import { hash } from 'node:crypto';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { Envelope, OpenBus } from './port.ts';

/** Longest wait for the word of SNS that it keeps an event, and for a connection; shorter than the lease of the outbox. */
const [requestTimeout, connectionTimeout] = [5_000, 2_000];

/**
 * A FIFO topic of Amazon SNS, `sns://<ARN>`, and a FIFO queue of Amazon SQS for each module, `<topic>_<module>.fifo`: the
 * key of an event is its message group, so nothing of a key is received while an earlier event of it is in hand. Functions
 * are started by those queues and only publish; processes that stay receive from them. Clients are loaded when they are
 * first needed, because a function that only reads needs none.
 */
export const sns: OpenBus = async (url, context) => {
  const topic = url.slice('sns://'.length);
  const groups: { close(): Promise<void> }[] = [];
  let client: SNSClient | undefined;
  return {
    async publish(envelope) {
      const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
      client ??= new SNSClient({ requestHandler: { requestTimeout, connectionTimeout, throwOnRequestTimeout: true } });
      await client.send(new PublishCommand(messageOf(topic, envelope)));
    },
    async subscribe(group, topics, receive) {
      const { consume } = await import('./sqs.ts');
      groups.push(await consume({ topic, group, topics, receive, context }));
    },
    async close() {
      await Promise.all(groups.map((group) => group.close()));
      client?.destroy();
    },
  };
};

const messageOf = (topic: string, envelope: Envelope) => ({
  TopicArn: topic,
  Message: JSON.stringify(envelope),
  // Groups have a smaller alphabet than keys.
  MessageGroupId: hash('md5', envelope.key ?? envelope.id),
  MessageDeduplicationId: envelope.id,
  MessageAttributes: { topic: { DataType: 'String', StringValue: envelope.topic } },
});
