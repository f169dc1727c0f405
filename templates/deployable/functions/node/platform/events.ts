import { envelopeIn } from '../bus/lane.ts';
import type { Receive } from '../bus/port.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Messages of one queue, as Lambda hands them over. */
export interface QueueEvent {
  readonly Records: readonly QueueRecord[];
}
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  /** ARN of the queue: the module that consumes from it is named after the last `_` of the queue's name. */
  readonly eventSourceARN: string;
  readonly attributes: { readonly ApproximateReceiveCount: string; readonly MessageGroupId?: string };
}
/** Those that have to come again; all others are deleted. */
export interface QueueResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** `arn:aws:sqs:eu-central-1:1:shop_orders.fifo` -> `orders` */
const moduleOf = (arn: string): string => arn.slice(arn.lastIndexOf('_') + 1).replace(/\.fifo$/, '');

/**
 * Events of one key one after the other, others at the same time. After one that fails, the later ones of its key are
 * not touched: the queue delivers them again in their order, and puts aside what never succeeds.
 */
export const lambdaEvents =
  (receivers: ReadonlyMap<string, Receive>, log: Logger) =>
  async ({ Records }: QueueEvent): Promise<QueueResult> => {
    const groups = Map.groupBy(
      Records,
      ({ eventSourceARN, attributes, messageId }) => `${eventSourceARN} ${attributes.MessageGroupId ?? messageId}`,
    );
    const failed = await Promise.all([...groups.values()].map((ordered) => consume(ordered, receivers, log)));
    return { batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

/** What is left from the first failure on. */
async function consume(
  ordered: readonly QueueRecord[],
  receivers: ReadonlyMap<string, Receive>,
  log: Logger,
): Promise<readonly QueueRecord[]> {
  for (const [index, { body, eventSourceARN, attributes }] of ordered.entries()) {
    const module = moduleOf(eventSourceARN);
    const envelope = envelopeIn(Buffer.from(body));
    try {
      const receive = receivers.get(module);
      if (!receive) throw new Error(`${module} is not hosted here`);
      if (!envelope) throw new Error('a message that is no event');
      await receive(envelope);
    } catch (error) {
      const attempt = Number(attributes.ApproximateReceiveCount);
      log.warn({ err: error, event: envelope?.id, topic: envelope?.topic, module, attempt }, 'event not consumed');
      return ordered.slice(index);
    }
  }
  return [];
}
