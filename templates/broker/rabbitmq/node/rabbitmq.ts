import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';
import { announce, createLane, envelopeIn, type Lane, turns } from './lane.ts';
import type { BusContext, OpenBus, Receive } from './port.ts';

/**
 * Queues of a group. Events of one key are in one of them, and one process at a time receives from it, so that their
 * order holds; more processes than this do not share the work of a group further. It cannot change while events wait.
 */
const partitions = 8;
/** Events of one queue that a process has in hand, and effects that it runs at a time for one group. */
const [prefetch, concurrency] = [50, 10];
/** Longest wait for the broker's word that it keeps an event; shorter than the lease of the outbox. */
const confirmMs = 10_000;
/** Longest wait for all queues: a broker that has just started may not answer for some of them, and never does. */
const setupMs = 15_000;
const closeMs = 5_000;
/** How often a process looks whether it receives from more queues than its share. */
const balanceMs = 10_000;
/** Deliveries after which a queue itself gives an event up: only where processes die of it again and again. */
const deliveries = 100;

/**
 * A durable topic exchange named after the system, in which an event's routing key is `<topic>.<partition>`. Each group
 * has quorum queues `<group>.<partition>`, each with a single active consumer, `<group>.dead` for what it gave up, and
 * `<group>.members`, whose consumers are its processes.
 * Publishing and each group have connections of their own: the broker stops reading from publishers when it is short of
 * memory, and must not stop reading acknowledgements then.
 */
export const rabbitmq: OpenBus = async (url, context) => {
  const { system, log } = context;
  const groups: { close(): Promise<void> }[] = [];
  let publisher: ConfirmChannel | undefined;
  const publishing = await keepConnected(url, context, 'publisher', async (model) => {
    const channel = await model.createConfirmChannel();
    channel.on('error', (err) => log.warn({ err }, 'bus: the publisher failed'));
    channel.once('close', () => {
      publisher = undefined;
      model.close().catch(() => {});
    });
    model.on('blocked', (reason) => {
      log.warn({ reason }, 'bus: the broker takes no events');
      publisher = undefined;
    });
    model.on('unblocked', () => {
      publisher = channel;
    });
    await channel.assertExchange(system, 'topic', { durable: true });
    publisher = channel;
  });
  return {
    async publish(envelope) {
      if (!publisher) throw new Error('The broker is not connected');
      const { id, topic, key } = envelope;
      const partition = hash('md5', key ?? id, 'buffer').readUInt32BE() % partitions;
      const content = Buffer.from(JSON.stringify(envelope));
      const properties = { messageId: id, type: topic, contentType: 'application/json' };
      await send(publisher, system, `${topic}.${partition}`, content, properties);
    },
    connected: () => publisher !== undefined,
    async subscribe(group, topics, receive) {
      groups.push(await consume(url, context, group, topics, receive));
    },
    async close() {
      await Promise.all(groups.map((group) => group.close()));
      publisher = undefined;
      await publishing.close();
    },
  };
};

/** One queue of a group as this process receives from it, or waits to. */
interface Partition {
  readonly number: number;
  readonly model: ChannelModel;
  readonly channel: ConfirmChannel;
  readonly lane: Lane;
  /** Whether anything arrived: only then is this process the one that receives. */
  active: boolean;
}

async function consume(
  url: string,
  context: BusContext,
  group: string,
  topics: readonly string[],
  receive: Receive,
): Promise<{ close(): Promise<void> }> {
  const { system, log } = context;
  const [dead, members] = [`${group}.dead`, `${group}.members`];
  const queueOf = (number: number) => `${group}.${number}`;
  const enter = turns(concurrency);
  const open = new Map<number, Partition>();
  const closing = new AbortController();
  announce(context, group, topics);

  async function declare(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', (err) => log.warn({ err, group }, 'bus: the queues are not as they should be'));
    channel.once('close', () => model.close().catch(() => {}));
    await channel.assertExchange(system, 'topic', { durable: true });
    await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    for (let number = 0; number < partitions; number++) {
      await channel.assertQueue(queueOf(number), { durable: true, arguments: queueArguments(dead) });
      for (const topic of topics) await channel.bindQueue(queueOf(number), system, `${topic}.${number}`);
    }
    // Nothing is ever sent to it: a queue with a single active consumer does not tell how many wait.
    await channel.assertQueue(members, { durable: true, autoDelete: true });
    await channel.consume(members, () => {});
  }

  async function openPartition(model: ChannelModel, number: number): Promise<void> {
    const channel = await model.createConfirmChannel();
    const lane = createLane(group, receive, enter, context);
    const partition: Partition = { number, model, channel, lane, active: false };
    open.set(number, partition);
    channel.on('error', (err) => log.warn({ err, group }, 'bus: a consumer failed'));
    channel.once('close', () => {
      lane.stop();
      // Where nobody here closed it, everything is made again on another connection.
      if (open.get(number) === partition) model.close().catch(() => {});
    });
    await channel.prefetch(prefetch);
    await channel.consume(queueOf(number), async (message) => {
      // The queue is gone, or its leader.
      if (message === null) return void channel.close().catch(() => {});
      partition.active = true;
      const { content, properties } = message;
      const bury = (error: unknown) => {
        const headers = { ...properties.headers, 'x-error': String(error), 'x-queue': queueOf(number) };
        return send(channel, '', dead, content, { ...properties, headers });
      };
      const envelope = envelopeIn(content);
      const settled = await (envelope ? lane.take(envelope, bury) : lane.refuse(bury));
      try {
        if (settled) channel.ack(message);
      } catch {
        // The channel is closed, and what it had not acknowledged is in the queue again.
      }
    });
  }

  /** Closing the channel puts what is in hand back in its order, before another process receives from the queue. */
  async function release(partition: Partition): Promise<void> {
    open.delete(partition.number);
    await partition.lane.stop();
    await within(closeMs, partition.channel.close()).catch(() => {});
  }

  /** A queue has one active consumer, the one that came first: without this the oldest process would do everything. */
  async function share(): Promise<void> {
    const active = [...open.values()].filter((partition) => partition.active);
    const [some] = active;
    if (!some) return;
    const { consumerCount } = await some.channel.checkQueue(members);
    for (const partition of active.slice(Math.ceil(partitions / consumerCount))) {
      await release(partition);
      if (!closing.signal.aborted) await openPartition(partition.model, partition.number);
    }
  }
  async function balance(): Promise<void> {
    while (!closing.signal.aborted) {
      await sleep(balanceMs, undefined, { signal: closing.signal }).catch(() => {});
      await share().catch((err) => log.warn({ err, group }, 'bus: the queues could not be shared'));
    }
  }

  const connection = await keepConnected(url, context, group, async (model) => {
    open.clear();
    await declare(model);
    for (let number = 0; number < partitions; number++) await openPartition(model, number);
  });
  const balancing = balance();
  return {
    async close() {
      closing.abort();
      await balancing;
      await Promise.all([...open.values()].map(release));
      await connection.close();
    },
  };
}

/** Nothing is dropped: what the queue itself gives up goes to the dead letters too, and is kept until it is there. */
const queueArguments = (dead: string) => ({
  'x-queue-type': 'quorum',
  'x-single-active-consumer': true,
  'x-delivery-limit': deliveries,
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': dead,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/** Resolves when the broker has written the message down. */
function send(
  channel: ConfirmChannel,
  exchange: string,
  routingKey: string,
  content: Buffer,
  properties: Options.Publish,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const settle = (error: unknown) => (error ? reject(error) : resolve());
  channel.publish(exchange, routingKey, content, { ...properties, persistent: true }, settle);
  return within(confirmMs, promise);
}

async function within(ms: number, answer: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`The broker did not answer within ${ms} ms`)), ms);
  await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Server's answers that another attempt would not change: credentials, permissions, a queue that is of another kind. */
const refusal = /\b(403|406|530) \(/;

/**
 * A connection that comes back by itself; `setup` runs on each. Where the broker is away at the start, the process starts
 * without it; a refusal rejects.
 */
async function keepConnected(
  url: string,
  { system, log }: BusContext,
  name: string,
  setup: (model: ChannelModel) => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', '10');
  const connection = await connect(address.href, {
    timeout: 10_000,
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: `${system} ${name}` },
    recovery: {
      maxDelay: 5_000,
      waitForConnect: false,
      async setup(model: ChannelModel) {
        model.on('error', (err) => log.warn({ err, name }, 'bus: the connection failed'));
        await within(setupMs, setup(model)).catch((error) => {
          // Not awaited: a broker that does not answer for a queue does not answer this either.
          model.close().catch(() => {});
          throw error;
        });
      },
    },
  });
  connection.on('error', () => {});
  connection.on('disconnect', (err) => log.warn({ err, name }, 'bus: the connection is lost'));
  connection.on('connect-failed', (err) => log.warn({ err, name }, 'bus: the broker cannot be reached'));
  await new Promise<void>((resolve, reject) => {
    connection.once('connect', () => resolve());
    connection.once('connect-failed', ({ message }) => {
      if (!refusal.test(message)) return resolve();
      connection.close().finally(() => reject(new Error(`BUS_URL: ${message}`)));
    });
  });
  return {
    close: () => within(closeMs, connection.close()).catch((err) => log.warn({ err, name }, 'bus: not closed')),
  };
}
