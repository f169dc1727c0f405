import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, type MessageToProduce, Producer } from '@platformatic/kafka';
import { addressIn } from './kafka-address.ts';
import { brief, codes, isRefusal, isUnreachable } from './kafka-errors.ts';
import { consumeAs } from './kafka-group.ts';
import type { OpenBus } from './port.ts';

/** Parts of a topic that this system makes: so many processes of a group share its events. Keys move when it changes. */
const partitions = 12;
/** Longest wait for the broker's word that it keeps an event; shorter than the lease of the outbox. */
const confirmMs = 10_000;
/** Events that go to the broker together, while the ones before them are on their way. */
const batch = 100;

/**
 * A topic for each module that publishes, `<system>.<module>`, so that its events of one key stay in order whatever they
 * are; consumer groups; and `<group>.dead` for what a group gave up, kept until somebody removes it.
 */
export const kafka: OpenBus = async (url, context) => {
  const { system, log } = context;
  const client = { ...addressIn(url), clientId: system, requestTimeout: confirmMs };
  const producer = new Producer({ ...client, idempotent: true, retries: 2, retryDelay: 200 });
  const admin = new Admin({ ...client, retries: 1, retryDelay: 200 });
  const topics = createTopics(admin);
  const closing = new AbortController();
  const groups: { close(): Promise<void> }[] = [];
  const deliver = inBatches(producer);
  let recovering: Promise<void> | undefined;
  for (const one of [producer, admin]) one.on('error', (error) => log.warn({ err: brief(error) }, 'bus: the broker'));

  const reach = () => producer.metadata({ topics: [], forceUpdate: true, retries: 0 });
  /** After a failure nothing is published until a broker answers. */
  function recover(): void {
    recovering ??= retry().finally(() => {
      recovering = undefined;
    });
  }
  async function retry(): Promise<void> {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      // Not at once: a client that is told of a lost connection still has it, and would wait for it for ever.
      await sleep(attempt === 0 ? 1 : 500, undefined, { signal: closing.signal }).catch(() => {});
      const failure = await reach().then(
        () => undefined,
        (error: unknown) => ({ err: brief(error) }),
      );
      if (!failure) return;
      if (attempt === 0) log.warn(failure, 'bus: the broker cannot be reached');
    }
  }
  producer.on('client:broker:disconnect', recover);

  async function send(message: MessageToProduce, prepare: Promise<void>): Promise<void> {
    try {
      await prepare;
      await deliver(message);
    } catch (error) {
      topics.forget(message.topic);
      recover();
      throw error;
    }
  }

  await reach().catch((error) => {
    if (!isRefusal(error)) return recover();
    return Promise.all([producer.close(), admin.close()]).then(() => {
      throw new Error(`BUS_URL: ${brief(error).message}`);
    });
  });
  return {
    async publish(envelope) {
      if (recovering) throw new Error('The broker is not connected');
      const topic = topicOf(system, envelope.topic);
      const key = Buffer.from(envelope.key ?? envelope.id);
      await send({ topic, key, value: Buffer.from(JSON.stringify(envelope)) }, topics.make(topic, partitions));
    },
    connected: () => recovering === undefined,
    async subscribe(group, names, receive) {
      const sources = [...new Set(names.map((name) => topicOf(system, name)))];
      const dead = `${group}.dead`;
      const member = await consumeAs(group, {
        client,
        context,
        topics: names,
        sources,
        receive,
        prepare: async () => {
          for (const source of sources) await topics.make(source, partitions);
        },
        bury: (message) => send({ ...message, topic: dead }, topics.make(dead, 1, { 'retention.ms': '-1' })),
      });
      groups.push(member);
    },
    async close() {
      await Promise.all(groups.map((group) => group.close()));
      closing.abort();
      await recovering;
      await Promise.all([producer.close(), admin.close()]);
    },
  };
};

/** The log in which the events of a topic are: that of the module whose name it begins with. */
const topicOf = (system: string, topic: string): string => `${system}.${topic.split('.', 1)}`;

/** Topics are made where they are first needed, with the replicas that the brokers have by default. */
function createTopics(admin: Admin) {
  const made = new Map<string, Promise<void>>();
  async function make(topic: string, count: number, settings: Readonly<Record<string, string>>): Promise<void> {
    const exists = await admin.metadata({ topics: [topic], forceUpdate: true, retries: 0 }).then(
      () => true,
      (error) => {
        if (isUnreachable(error)) throw error;
        return false;
      },
    );
    if (exists) return;
    const configs = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [topic], partitions: count, configs }).catch((error) => {
      if (!codes(error).includes('TOPIC_ALREADY_EXISTS')) throw error;
    });
  }
  return {
    make(topic: string, count: number, settings: Readonly<Record<string, string>> = {}): Promise<void> {
      const before = made.get(topic) ?? make(topic, count, settings);
      made.set(topic, before);
      return before;
    },
    forget: (topic: string) => void made.delete(topic),
  };
}

/**
 * One request at a time, with all that came meanwhile: the broker then sees each producer's events in order, which its
 * idempotence is built on, and a busy outbox does not wait for one answer an event.
 */
function inBatches(producer: Producer): (message: MessageToProduce) => Promise<void> {
  interface Waiting {
    readonly message: MessageToProduce;
    resolve(): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let running = false;

  async function send(some: readonly Waiting[]): Promise<void> {
    try {
      await producer.send({ messages: some.map(({ message }) => message), idempotent: true });
      for (const { resolve } of some) resolve();
    } catch (error) {
      // One that the broker does not take must not fail the others.
      if (some.length > 1 && !isUnreachable(error)) for (const one of some) await send([one]);
      else for (const { reject } of some) reject(error);
    }
  }
  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (waiting.length > 0) await send(waiting.splice(0, batch));
    running = false;
  }
  return (message) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ message, resolve, reject });
    run();
    return promise;
  };
}
