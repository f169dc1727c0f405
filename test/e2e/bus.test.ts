import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bus, type Envelope, effects, type Opened, type Platform, platform, publishAll } from './support/bus.ts';
import { kafka, securedKafka } from './support/kafka.ts';
import { nodeEnv } from './support/packages.ts';
import { start, stopAll } from './support/processes.ts';
import { awsTopic, missing, type Restartable, rabbitmq, restartablePostgres } from './support/services.ts';
import { until } from './support/wait.ts';

/** A broker under test: everything that the suite has to know about it. */
interface Broker {
  /** File and symbol of the adapter. */
  readonly adapter: string;
  readonly why: string | undefined;
  start(): Promise<Restartable>;
  /** Events of one key that keep it busy for some seconds. */
  readonly many: number;
  /** Whether a process starts while the broker is away. */
  readonly startsAlone: boolean;
  /** False for a stand-in, which is slow, and forgets everything when it dies. */
  readonly real: boolean;
  /** Contents of the group's dead letters. */
  dead(url: string, group: string): Promise<string[]>;
  /** Puts something into the group's queue that is no event of this system; absent where nobody else can write there. */
  litter?(url: string, topic: string): Promise<void>;
}

let installed: Platform;
const opened: Bus[] = [];
beforeAll(async () => {
  installed = await platform();
}, 300_000);
afterEach(async () => {
  await Promise.all(opened.splice(0).map((bus) => bus.close()));
});
afterAll(stopAll);

let count = 0;
/** Topics and groups of one test. */
function names() {
  const id = `t${++count}`;
  return { topic: `${id}.made`, other: `${id}.gone`, group: (name: string) => `shop.${id}-${name}` };
}
const event = (topic: string, key: string, n: number): Envelope => ({
  id: randomUUID(),
  topic,
  version: 1,
  occurredAt: new Date().toISOString(),
  payload: { n, text: 'ünïcode "quoted"' },
  key,
});
const series = (topic: string, keys: number, each: number): Envelope[] =>
  Array.from({ length: keys * each }, (_, i) => event(topic, `key ${i % keys}`, Math.floor(i / keys)));
const numbers = (envelopes: readonly Envelope[], key: string) =>
  envelopes.filter((envelope) => envelope.key === key).map(({ payload }) => (payload as { n: number }).n);
const ids = (envelopes: readonly Envelope[]) => envelopes.map(({ id }) => id).sort();
const inOrder = (done: readonly Envelope[], sent: readonly Envelope[]) => {
  for (const key of new Set(sent.map((envelope) => envelope.key as string)))
    expect([key, numbers(done, key)]).toEqual([key, numbers(sent, key)]);
};

const brokersIn = (url: string) => [new URL(url).host];

const brokers: readonly Broker[] = [
  {
    adapter: 'rabbitmq',
    why: missing.rabbitmq(),
    start: rabbitmq,
    real: true,
    startsAlone: true,
    many: 400,
    async dead(url, group) {
      const connection = await installed.require('amqplib').connect(url);
      const channel = await connection.createChannel();
      const contents: string[] = [];
      for (;;) {
        const message = await channel.get(`${group}.dead`, { noAck: true });
        if (!message) break;
        contents.push(message.content.toString());
      }
      await connection.close();
      return contents;
    },
    async litter(url, topic) {
      const connection = await installed.require('amqplib').connect(url);
      const channel = await connection.createConfirmChannel();
      channel.publish('shop', `${topic}.0`, Buffer.from('no event'));
      await channel.waitForConfirms();
      await connection.close();
    },
  },
  {
    adapter: 'kafka',
    why: missing.kafka(),
    start: kafka,
    real: true,
    startsAlone: true,
    many: 400,
    async dead(url, group) {
      const { Consumer } = installed.require('@platformatic/kafka');
      const reader = new Consumer({ clientId: 'test', groupId: `${group}.test`, bootstrapBrokers: brokersIn(url) });
      const stream = await reader.consume({ topics: [`${group}.dead`], mode: 'earliest', maxWaitTime: 500 });
      const [end = 0n] = (await reader.listOffsets({ topics: [`${group}.dead`] })).get(`${group}.dead`);
      const contents: string[] = [];
      for await (const { value } of stream) {
        contents.push(value.toString());
        if (BigInt(contents.length) >= end) break;
      }
      await reader.close(true);
      return contents;
    },
    async litter(url, topic) {
      const { Producer } = installed.require('@platformatic/kafka');
      const producer = new Producer({ clientId: 'test', bootstrapBrokers: brokersIn(url) });
      const [module] = topic.split('.', 1);
      await producer.send({ messages: [{ topic: `shop.${module}`, value: Buffer.from('no event') }], acks: -1 });
      await producer.close();
    },
  },
  {
    adapter: 'postgres',
    why: missing.postgres(),
    start: restartablePostgres,
    real: true,
    startsAlone: false,
    many: 60,
    async dead(url, group) {
      const client = new (installed.require('pg').Client)(url);
      await client.connect();
      const { rows } = await client.query('delete from bus.job where name = $1 returning data', [`${group}.dead`]);
      await client.end();
      return rows.map(({ data }: { data: unknown }) => JSON.stringify(data));
    },
  },
  {
    adapter: 'sns',
    why: missing.moto(),
    start: awsTopic,
    startsAlone: false,
    real: false,
    many: 100,
    async dead(_, group) {
      const { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } =
        installed.require('@aws-sdk/client-sqs');
      const client = new SQSClient({});
      const name = { QueueName: `shop_${group.slice('shop.'.length)}_dead.fifo` };
      const { QueueUrl } = await client.send(new GetQueueUrlCommand(name));
      const contents: string[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) break;
        for (const { Body, ReceiptHandle } of Messages) {
          contents.push(Body);
          await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
      client.destroy();
      return contents;
    },
    async litter(url, topic) {
      const { PublishCommand, SNSClient } = installed.require('@aws-sdk/client-sns');
      const client = new SNSClient({});
      await client.send(
        new PublishCommand({
          TopicArn: url.slice('sns://'.length),
          Message: 'no event',
          MessageGroupId: 'litter',
          MessageDeduplicationId: randomUUID(),
          MessageAttributes: { topic: { DataType: 'String', StringValue: topic } },
        }),
      );
      client.destroy();
    },
  },
];

describe.each(brokers)('$adapter', ({ adapter, why, ...broker }) => {
  let service: Restartable;
  beforeAll(async () => {
    if (!why) service = await broker.start();
  }, 120_000);
  afterAll(() => service?.stop());
  const open = async (attempts?: number): Promise<Opened> => {
    const bus = await installed.open(adapter, service.url, attempts);
    opened.push(bus);
    return bus;
  };
  const it = (title: string, body: () => Promise<void>) =>
    test(title, async ({ skip }) => {
      if (why) skip(why);
      await body();
    });
  /** What needs many events, or a broker that comes back. */
  const itReally = broker.real ? it : () => {};

  it('gives each group its own copy of the events of its topics, as they were published', async () => {
    const { topic, other, group } = names();
    const bus = await open();
    const [x, y] = [effects(), effects()];
    await bus.subscribe(group('x'), [topic], x.receive());
    await bus.subscribe(group('y'), [topic, other], y.receive());
    const sent = [event(topic, 'a', 1), { ...event(topic, 'b', 2), traceparent: '00-1-1-01' }, event(other, 'a', 3)];
    await publishAll(bus, sent);
    await until('both groups have theirs', () => x.done.length >= 2 && y.done.length >= 3);
    await sleep(200);
    const byNumber = (envelopes: readonly Envelope[]) =>
      envelopes.toSorted((a, b) => (a.payload as { n: number }).n - (b.payload as { n: number }).n);
    expect(byNumber(x.done)).toEqual(sent.slice(0, 2));
    expect(byNumber(y.done)).toEqual(sent);
  });

  itReally('shares the events of a group between its processes', async () => {
    const { topic, group } = names();
    const members = [await open(), await open()];
    const shared = effects();
    const counts = members.map(() => 0);
    for (const [index, member] of members.entries()) {
      await member.subscribe(
        group('x'),
        [topic],
        shared.receive(async () => {
          counts[index] = (counts[index] ?? 0) + 1;
          await sleep(2);
        }),
      );
    }
    const sent: Envelope[] = [];
    // A process that is the only one at first shares when it sees the other one.
    await until(
      'both take part',
      async () => {
        const more = series(topic, 32, 2);
        sent.push(...more);
        await publishAll(members[0] as Bus, more);
        return counts.every((one) => one > 50);
      },
      { withinMs: 90_000, everyMs: 200 },
    );
    await until('all are consumed', () => shared.done.length >= sent.length);
    expect(ids(shared.done)).toEqual(ids(sent));
  });

  itReally('keeps the order of a key while effects fail and processes come and go', async () => {
    const { topic, group } = names();
    const [publisher, first, second] = [await open(), await open(10), await open(10)];
    const shared = effects();
    const unreliable = shared.receive(async () => {
      await sleep(Math.random() * 3);
      if (Math.random() < 0.05) throw new Error('now and then');
    });
    await first.subscribe(group('x'), [topic], unreliable);
    const sent = series(topic, 20, 30);
    const publishing = publishAll(publisher, sent);
    await until('some effects', () => shared.done.length > 100);
    await second.subscribe(group('x'), [topic], unreliable);
    await until('more effects', () => shared.done.length > 300);
    await first.close();
    await publishing;
    await until('all effects', () => shared.done.length >= sent.length, { withinMs: 60_000 });
    inOrder(shared.done, sent);
  });

  it('tries an event again with growing pauses; its key waits, others pass', async () => {
    const { topic, group } = names();
    const bus = await open(5);
    const shared = effects();
    let failures = 3;
    await bus.subscribe(
      group('x'),
      [topic],
      shared.receive(({ key, payload }) => {
        if (key === 'slow' && (payload as { n: number }).n === 1 && failures-- > 0) throw new Error('not yet');
      }),
    );
    const sent = [event(topic, 'slow', 1), event(topic, 'slow', 2), ...series(topic, 10, 2)];
    await publishAll(bus, sent);
    await until('all are consumed', () => shared.done.length === sent.length);
    inOrder(shared.done, sent);
    expect(shared.done.slice(-2).map(({ key }) => key)).toEqual(['slow', 'slow']);
    const at = shared.tries.filter(({ envelope }) => envelope.id === sent[0]?.id).map((one) => one.at);
    const pauses = at.slice(1).map((time, index) => time - (at[index] as number));
    expect(pauses).toHaveLength(3);
    expect(pauses[2]).toBeGreaterThan((pauses[0] as number) * 1.5);
  });

  it('puts an event aside that never succeeds, counts it, and goes on with its key', async () => {
    const { topic, group } = names();
    const bus = await open(2);
    const shared = effects();
    await bus.subscribe(
      group('x'),
      [topic],
      shared.receive(({ payload }) => {
        if ((payload as { n: number }).n === 1) throw new Error('never');
      }),
    );
    expect(await bus.deadLettered(group('x'))).toBe(0);
    const [poison, next] = [event(topic, 'a', 1), event(topic, 'a', 2)];
    await publishAll(bus, [poison, next]);
    await until('the next one', () => shared.done.length === 1);
    expect(shared.done).toEqual([next]);
    await until('the metric', async () => (await bus.deadLettered(group('x'))) === 1);
    const dead = await broker.dead(service.url, group('x'));
    expect(dead.map((content) => JSON.parse(content).id)).toEqual([poison.id]);
    expect(shared.tries.filter(({ envelope }) => envelope.id === poison.id)).toHaveLength(2);
  });

  const { litter } = broker;
  if (litter) {
    it('puts aside what is no event', async () => {
      const { topic, group } = names();
      const bus = await open();
      const shared = effects();
      await bus.subscribe(group('x'), [topic], shared.receive());
      await litter(service.url, topic);
      await until('the metric', async () => (await bus.deadLettered(group('x'))) === 1);
      expect(await broker.dead(service.url, group('x'))).toEqual(['no event']);
      expect(shared.tries).toEqual([]);
    });
  }

  itReally('delivers what it accepted before, while and after the broker dies', async () => {
    const { topic, group } = names();
    const [publisher, consumer] = [await open(), await open(20)];
    const shared = effects();
    await consumer.subscribe(
      group('x'),
      [topic],
      shared.receive(() => sleep(1)),
    );
    const early = series(topic, 50, broker.many);
    let publishing = publishAll(publisher, early);
    await until('some effects', () => shared.done.length > 200);
    // What RabbitMQ made in the last three seconds before it is killed, it does not find again.
    await sleep(4_000);
    // However fast the machine is, something is on its way when the broker dies.
    const late = series(topic, 50, 20);
    publishing = publishing.then(() => publishAll(publisher, late));
    await service.kill();
    await until('the publisher notices', () => publisher.connected?.() === false);
    const without = event(topic, 'alone', 0);
    await expect(publisher.publish(without)).rejects.toThrow();
    await service.start();
    await publishing;
    const sent = [...early, ...late];
    await until('all effects', () => shared.done.length >= sent.length, { withinMs: 60_000 });
    await until('the publisher is connected again', () => publisher.connected?.() === true);
    expect(ids(shared.done)).toEqual(ids(sent));
    inOrder(shared.done, sent);
  });

  if (broker.startsAlone) {
    it('starts without the broker, and works when it is there', async () => {
      const { topic, group } = names();
      await service.kill();
      const shared = effects();
      const bus = await open();
      const subscribed = bus.subscribe(group('x'), [topic], shared.receive());
      expect(bus.connected?.()).toBe(false);
      await service.start();
      await subscribed;
      await until('connected', () => bus.connected?.() === true);
      await until('delivered', async () => {
        await publishAll(bus, [event(topic, 'a', 1)]);
        return shared.done.length > 0;
      });
    });
  }

  itReally('gives the events of a process that is killed to another one', async () => {
    const { topic, group } = names();
    const bus = await open();
    const file = (path: string) => join(installed.dir, 'src', path);
    const member = start(
      'node',
      [
        fileURLToPath(new URL('support/bus-member.ts', import.meta.url)),
        ...[file(`bus/${adapter}.ts`), file('telemetry/metrics.ts'), service.url, group('x'), topic, '20'],
      ],
      { cwd: installed.dir, env: nodeEnv() },
    );
    const printed = () => member.output().split('\n').filter(Boolean);
    // It subscribes some time after it started: what is published before is not for it.
    const early: Envelope[] = [];
    await until('the process consumes', async () => {
      early.push(event(topic, 'early', early.length));
      await publishAll(bus, early.slice(-1));
      await sleep(100);
      return printed().length > 0;
    });
    const sent = series(topic, 20, 30);
    await publishAll(bus, sent);
    await until('some effects', () => printed().length > early.length + 20);
    member.kill('SIGKILL');
    await member.exited;
    const before = new Set(printed());
    expect(before.size).toBeLessThan(sent.length);
    const shared = effects();
    await bus.subscribe(
      group('x'),
      [topic],
      shared.receive(() => {}),
    );
    const rest = sent.filter(({ id }) => !before.has(id));
    await until('all effects', () => rest.every(({ id }) => shared.done.some((one) => one.id === id)), {
      withinMs: 90_000,
    });
    inOrder([...sent.filter(({ id }) => before.has(id)), ...shared.done.filter(({ id }) => !before.has(id))], sent);
  });

  itReally('closes when the effects in hand are done, and leaves the rest to others', async () => {
    const { topic, group } = names();
    const [publisher, leaving] = [await open(), await open()];
    const shared = effects();
    let running = 0;
    await leaving.subscribe(
      group('x'),
      [topic],
      shared.receive(async () => {
        running++;
        await sleep(300);
        running--;
      }),
    );
    const sent = series(topic, 40, 2);
    await publishAll(publisher, sent);
    await until('effects have begun', () => running > 0);
    await leaving.close();
    const [ended, tries] = [shared.done.length, shared.tries.length];
    expect(running).toBe(0);
    expect(ended).toBeGreaterThan(0);
    expect(ended).toBeLessThan(sent.length);
    await sleep(1_000);
    expect(shared.tries).toHaveLength(tries);
    const next = await open();
    await next.subscribe(group('x'), [topic], shared.receive());
    await until('the rest', () => shared.done.length >= sent.length, { withinMs: 60_000 });
    expect(ids(shared.done)).toEqual(ids(sent));
    // What had ended was acknowledged: it did not come again.
    expect(shared.tries).toHaveLength(sent.length);
  });
});

test('kafka takes TLS and SASL from the URL, and is refused where they are wrong', async ({ skip }) => {
  const why = missing.kafka();
  if (why) skip(why);
  const service = await securedKafka('shop', 's3cret@1');
  const untrusted = installed.open('kafka', service.url);
  await expect(untrusted).rejects.toThrow(/^BUS_URL: .*self-signed certificate/);
  setDefaultCACertificates([...getCACertificates(), service.certificate]);
  await expect(installed.open('kafka', service.url.replace('s3cret', 'wrong'))).rejects.toThrow(
    /^BUS_URL: .*authentication failed/i,
  );
  const { topic, group } = names();
  const bus = await installed.open('kafka', service.url);
  opened.push(bus);
  const shared = effects();
  await bus.subscribe(group('x'), [topic], shared.receive());
  await publishAll(bus, series(topic, 2, 2));
  await until('delivered', () => shared.done.length === 4);
});
