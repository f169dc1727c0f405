import { expect, it } from 'vitest';
import type { Envelope } from '../bus/port.ts';
import { createLogger } from '../telemetry/logger.ts';
import { lambdaEvents, type QueueRecord } from './events.ts';

const log = createLogger('silent', 'test');
const record = (messageId: string, key: string, body: unknown = { id: messageId, topic: 'a.made' }): QueueRecord => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:shop-x_orders.fifo',
  attributes: { ApproximateReceiveCount: '1', MessageGroupId: key },
});
const handlerOf = (receive: (envelope: Envelope) => Promise<void>) => lambdaEvents(new Map([['orders', receive]]), log);
const failures = (ids: readonly string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

it('gives back the first failure of a key and what follows it, and nothing of other keys', async () => {
  const seen: string[] = [];
  const handle = handlerOf(async ({ id }) => {
    seen.push(id);
    if (id === '2') throw new Error('not now');
  });
  const records = [record('1', 'a'), record('2', 'a'), record('3', 'b'), record('4', 'a'), record('5', 'b')];
  expect(await handle({ Records: records })).toEqual(failures(['2', '4']));
  expect(seen.sort()).toEqual(['1', '2', '3', '5']);
});

it('keeps the order of a key while others go on', async () => {
  const seen: string[] = [];
  const handle = handlerOf(async ({ id }) => {
    await new Promise((resolve) => setTimeout(resolve, id === '1' ? 20 : 0));
    seen.push(id);
  });
  expect(await handle({ Records: [record('1', 'a'), record('2', 'a'), record('3', 'b')] })).toEqual(failures([]));
  expect(seen).toEqual(['3', '1', '2']);
});

it('gives back what is no event, and what is for another module', async () => {
  const handle = handlerOf(async () => {});
  const elsewhere = { ...record('2', 'b'), eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:shop-x_other.fifo' };
  expect(await handle({ Records: [record('1', 'a', 'no event'), elsewhere] })).toEqual(failures(['1', '2']));
});
