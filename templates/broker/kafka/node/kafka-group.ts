import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BaseOptions,
  Consumer,
  findErrorBy,
  type GroupAssignment,
  type GroupPartitionsAssigner,
  ListOffsetTimestamps,
  type MessageToProduce,
} from '@platformatic/kafka';
import { brief, isRefusal } from './kafka-errors.ts';
import { announce, createLane, envelopeIn, type Lane, turns } from './lane.ts';
import type { BusContext, Receive } from './port.ts';

/** Effects that a process runs at a time for one group. */
const concurrency = 10;
/** Events of one partition in hand: while one of them waits for its next attempt, so many later ones pass. */
const window = 1_000;
/** A process that says nothing for so long is gone, and others get what it had. */
const sessionMs = 10_000;
/** Longest wait for all processes of a group when they share anew. */
const rebalanceMs = 20_000;
/** How long a broker may keep a request for events that are not there yet. */
const fetchMs = 500;
/** Time between two commits: events of that time come again after a crash. */
const commitMs = 100;
const closeMs = 5_000;
const [unread, uncommitted] = ['events cannot be read', 'what was done is not committed'];

export interface Membership {
  readonly client: BaseOptions;
  readonly context: BusContext;
  readonly topics: readonly string[];
  /** Kafka's topics that they are in, among others. */
  readonly sources: readonly string[];
  readonly receive: Receive;
  /** Makes what is needed on the brokers. */
  prepare(): Promise<void>;
  bury(message: Omit<MessageToProduce, 'topic'>): Promise<void>;
}
/** An event in hand. Those of a partition are settled in any order, and committed in theirs. */
interface InHand {
  readonly offset: bigint;
  settled: boolean;
}
interface Partition {
  readonly topic: string;
  readonly number: number;
  readonly lane: Lane;
  readonly inHand: InHand[];
  /** Offset to ask for next. */
  next: bigint;
  committed: bigint;
}
/** Everything below it has had its effect. */
const settledIn = ({ inHand, next }: Partition): bigint => inHand[0]?.offset ?? next;
const keyOf = (topic: string, partition: number): string => `${topic} ${partition}`;

/**
 * Takes part in a group, and again whenever that fails. Resolves when it does so, or where the broker is away; rejects
 * where it is refused for good.
 */
export async function consumeAs(group: string, membership: Membership): Promise<{ close(): Promise<void> }> {
  const { context, topics } = membership;
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  announce(context, group, topics);

  async function keep(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await takePart(group, membership, closing.signal, first.resolve);
      } catch (error) {
        context.log.warn({ err: brief(error), group }, 'bus: not in the group, which is joined again');
        if (isRefusal(error)) first.reject(new Error(`BUS_URL: ${brief(error).message}`));
        else first.resolve();
        await sleep(1_000, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }
  const kept = topics.length === 0 ? first.resolve() : keep();
  const close = async () => {
    closing.abort();
    await kept;
  };
  await first.promise.catch(async (error) => {
    await close();
    throw error;
  });
  return { close };
}

/** One membership: from joining the group until `end`, or until something fails that needs a new one. */
async function takePart(
  group: string,
  { client, context, topics, sources, receive, prepare, bury }: Membership,
  end: AbortSignal,
  joined: () => void,
): Promise<void> {
  const { log } = context;
  const wanted = new Set(topics);
  const enter = turns(concurrency);
  const partitions = new Map<string, Partition>();
  const asked = new Set<number>();
  const over = new AbortController();
  const failed = Promise.withResolvers<never>();
  /** While the group shares anew nothing is fetched, and nothing committed. */
  let sharing = true;
  let assigned = Promise.resolve();

  const member = new Consumer({
    ...client,
    groupId: group,
    sessionTimeout: sessionMs,
    rebalanceTimeout: rebalanceMs,
    heartbeatInterval: 1_000,
    partitionAssigner: toSubscribers,
    requestTimeout: 2 * rebalanceMs,
    retryDelay: 300,
  });
  // A connection answers in turn, and a request for events may wait: heartbeats must not wait behind it.
  const reader = new Consumer({ ...client, groupId: group, retries: 0 });

  const failing = new Set<string>();
  /** Once for each time that something begins to fail. */
  function report(what: string, error: unknown): void {
    if (!failing.has(what)) log.warn({ err: brief(error), group }, `bus: ${what}`);
    failing.add(what);
  }

  function release(): Promise<unknown> {
    sharing = true;
    return Promise.all([...partitions.values()].map(({ lane }) => lane.stop()));
  }

  async function assign(assignments: GroupAssignment[], generation: number | undefined): Promise<void> {
    await release();
    const outdated = () => over.signal.aborted || member.generationId !== generation;
    if (outdated()) return;
    const before = new Map([...partitions].map(([key, partition]) => [key, settledIn(partition)]));
    const committed = await startsOf(member, assignments);
    if (outdated()) return;
    partitions.clear();
    for (const [key, { topic, number, offset }] of committed) {
      // What had its effect here while the group shared anew could not be committed.
      const settled = before.get(key);
      const next = settled !== undefined && settled > offset ? settled : offset;
      const lane = createLane(group, receive, enter, context);
      partitions.set(key, { topic, number, lane, inHand: [], next, committed: offset });
    }
    sharing = false;
    read();
    joined();
  }

  /** Asks every broker for what it leads that is not asked already. */
  async function read(): Promise<void> {
    if (sharing || over.signal.aborted) return;
    const open = [...partitions.values()].filter(({ inHand }) => inHand.length < window);
    try {
      const metadata = await reader.metadata({ topics: [...sources] });
      const leaderOf = ({ topic, number }: Partition) => metadata.topics.get(topic)?.partitions[number]?.leader ?? -1;
      for (const [node, some] of Map.groupBy(open, leaderOf)) {
        if (asked.has(node)) continue;
        asked.add(node);
        const idOf = (topic: string) => metadata.topics.get(topic)?.id ?? '';
        fetchFrom(node, some, idOf)
          .catch(unreadable)
          .finally(() => {
            asked.delete(node);
            read();
          });
      }
    } catch (error) {
      await unreadable(error);
      read();
    }
  }

  async function unreadable(error: unknown): Promise<void> {
    if (over.signal.aborted) return;
    report(unread, error);
    reader.clearMetadata();
    await sleep(500, undefined, { signal: over.signal }).catch(() => {});
  }

  async function fetchFrom(node: number, some: readonly Partition[], idOf: (topic: string) => string): Promise<void> {
    const byTopic = [...Map.groupBy(some, ({ topic }) => topic)].map(([topic, own]) => ({
      topicId: idOf(topic),
      own: new Map(own.map((partition) => [partition.number, partition])),
    }));
    const request = byTopic.map(({ topicId, own }) => ({ topicId, partitions: [...own.values()].map(toRequest) }));
    const answer = await reader
      .fetch({ node, topics: request, maxWaitTime: fetchMs, maxBytes: 10_485_760 })
      .catch(outOfRange);
    failing.delete(unread);
    for (const { topicId, partitions: answers } of answer.responses) {
      const { own } = byTopic.find((one) => one.topicId === topicId) ?? {};
      for (const { partitionIndex, errorCode, records } of answers) {
        const partition = own?.get(partitionIndex);
        // It may have gone to another process since it was asked for.
        if (!partition || sharing || partitions.get(keyOf(partition.topic, partition.number)) !== partition) continue;
        if (errorCode !== 0) partition.next = await firstOffset(reader, partition);
        for (const batch of records ?? []) takeBatch(partition, batch);
      }
    }
  }

  function takeBatch(partition: Partition, { firstOffset, lastOffsetDelta, attributes, records }: Batch): void {
    const from = partition.next;
    const after = firstOffset + BigInt(lastOffsetDelta) + 1n;
    for (const { offsetDelta, value } of attributes & control ? [] : records) {
      const offset = firstOffset + BigInt(offsetDelta);
      if (offset >= from) takeOne(partition, offset, value ?? Buffer.alloc(0));
    }
    if (after > from) partition.next = after;
  }

  function takeOne(partition: Partition, offset: bigint, value: Buffer): void {
    const { lane, inHand, topic, number } = partition;
    const envelope = envelopeIn(value);
    if (envelope && !wanted.has(envelope.topic)) return;
    const one: InHand = { offset, settled: false };
    inHand.push(one);
    const place = `${topic}/${number}/${offset}`;
    const putAside = (error: unknown) =>
      bury({ value, headers: new Map([header('error', String(error)), header('source', place)]) });
    const settling = envelope ? lane.take(envelope, putAside) : refuse(lane, putAside);
    settling.then((settled) => {
      if (!settled) return;
      const full = inHand.length >= window;
      one.settled = true;
      while (inHand[0]?.settled) inHand.shift();
      if (full && inHand.length < window) read();
    });
  }
  /** What is no event waits until it can be put aside, as the effect of an event does. */
  async function refuse(lane: Lane, putAside: (error: unknown) => Promise<void>): Promise<boolean> {
    while (!sharing && !(await lane.refuse(putAside)))
      await sleep(1_000, undefined, { signal: over.signal }).catch(() => {});
    return !sharing;
  }

  async function commit(): Promise<void> {
    const due = [...partitions.values()].filter((partition) => settledIn(partition) > partition.committed);
    if (due.length === 0) return;
    const offsets = due.map((partition) => ({ partition, offset: settledIn(partition) }));
    await member.commit({
      offsets: offsets.map(({ partition: { topic, number }, offset }) => ({
        topic,
        partition: number,
        offset,
        leaderEpoch: -1,
      })),
    });
    failing.delete(uncommitted);
    for (const { partition, offset } of offsets) partition.committed = offset;
  }
  async function keepCommitting(): Promise<void> {
    while (!over.signal.aborted) {
      await sleep(commitMs, undefined, { signal: over.signal }).catch(() => {});
      if (!sharing) await commit().catch((error) => report(uncommitted, error));
    }
  }

  failed.promise.catch(() => {});
  member.on('error', failed.reject);
  reader.on('error', (error) => report(unread, error));
  member.on('consumer:heartbeat:stalled', ({ lastError }) => failed.reject(lastError ?? new Error('no heartbeat')));
  // No effect begins any more: the other processes will be told to begin it.
  member.on('consumer:group:rebalance', () => void release());
  member.on('consumer:group:join', ({ generationId, assignments = [] }) => {
    assigned = assigned.then(() => assign(assignments, generationId)).catch(failed.reject);
  });
  const ended = once(end, 'abort', { signal: over.signal }).catch(() => {});
  const committing = keepCommitting();
  try {
    await prepare();
    for (const source of sources) {
      member.topics.track(source);
      reader.topics.track(source);
    }
    if (!end.aborted) await member.joinGroup();
    if (!end.aborted) await Promise.race([failed.promise, ended]);
  } finally {
    const inGroup = !sharing;
    over.abort();
    await release();
    const leave = async () => {
      await committing;
      if (inGroup) await commit().catch((error) => report(uncommitted, error));
      await member.close();
    };
    const left = Promise.all([leave(), reader.close()]).catch((error) => report('the group was not left', error));
    await Promise.race([left, sleep(closeMs, undefined, { ref: false })]);
  }
}

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;
type Batch = NonNullable<FetchResponse['responses'][number]['partitions'][number]['records']>[number];
/** Attribute of batches that the broker itself wrote. */
const control = 0x20;

const toRequest = ({ number, next }: Partition) => ({
  partition: number,
  fetchOffset: next,
  partitionMaxBytes: 1_048_576,
  currentLeaderEpoch: -1,
  lastFetchedEpoch: -1,
});
const header = (name: string, value: string): [Buffer, Buffer] => [Buffer.from(name), Buffer.from(value)];

/** An answer whose only errors are offsets that the broker does not have any more, or not yet. */
function outOfRange(error: Error): FetchResponse {
  const { response } = error as { response?: FetchResponse };
  const others = response?.responses.some(({ partitions }) =>
    partitions.some(({ errorCode }) => errorCode !== 0 && errorCode !== 1),
  );
  if (!response || others || !findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE')) throw error;
  return response;
}

async function firstOffset(reader: Consumer, { topic, number }: Partition): Promise<bigint> {
  const request = { topics: [topic], partitions: { [topic]: [number] }, timestamp: ListOffsetTimestamps.EARLIEST };
  return (await reader.listOffsets(request)).get(topic)?.[number] ?? 0n;
}

interface Start {
  readonly topic: string;
  readonly number: number;
  readonly offset: bigint;
}
/** Where the group goes on. What it never read begins with what is published from now on, which is written down. */
async function startsOf(member: Consumer, assignments: GroupAssignment[]): Promise<Map<string, Start>> {
  if (assignments.length === 0) return new Map();
  const committed = await member.listCommittedOffsets({ topics: assignments });
  const all = assignments.flatMap(({ topic, partitions }) =>
    partitions.map((number): Start => ({ topic, number, offset: committed.get(topic)?.[number] ?? -1n })),
  );
  const unread = new Set(all.filter(({ offset }) => offset < 0n));
  if (unread.size === 0) return byKey(all);
  const ends = await member.listOffsets({
    topics: [...new Set([...unread].map(({ topic }) => topic))],
    timestamp: ListOffsetTimestamps.LATEST,
  });
  const starts = all.map((start) =>
    unread.has(start) ? { ...start, offset: ends.get(start.topic)?.[start.number] ?? 0n } : start,
  );
  const offsets = starts
    .filter((_, index) => unread.has(all[index] as Start))
    .map(({ topic, number, offset }) => ({ topic, partition: number, offset, leaderEpoch: -1 }));
  await member.commit({ offsets });
  return byKey(starts);
}
const byKey = (starts: readonly Start[]) => new Map(starts.map((start) => [keyOf(start.topic, start.number), start]));

/** Each topic's partitions in turn to those that read it; while versions change, members differ in what they read. */
const toSubscribers: GroupPartitionsAssigner = (_, members, __, { topics }) => {
  const shares = new Map([...members.keys()].map((id) => [id, new Map<string, GroupAssignment>()]));
  let turn = 0;
  for (const [topic, { partitionsCount }] of topics) {
    const readers = [...members.values()].filter((member) => member.topics?.includes(topic));
    for (let number = 0; number < partitionsCount && readers.length > 0; number++) {
      const share = shares.get(readers[turn++ % readers.length]?.memberId ?? '');
      const own = share?.get(topic) ?? { topic, partitions: [] };
      own.partitions.push(number);
      share?.set(topic, own);
    }
  }
  return [...shares].map(([memberId, assignments]) => ({ memberId, assignments }));
};
