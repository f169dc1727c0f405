import type { Bus, Envelope, Receive } from './port.ts';

interface Group {
  readonly topics: ReadonlySet<string>;
  readonly receive: Receive;
}

/**
 * The bus of a system that runs in one process. It keeps nothing: `publish` resolves when every group has had its
 * effect, so the outbox is its memory. Envelopes are cloned and delivered later, as over a network.
 */
export function memoryBus({ maxInFlight = 1000 } = {}): Bus {
  const groups = new Map<string, Group>();
  const inFlight = new Set<Promise<unknown>>();
  let closed = false;

  async function deliver(envelope: Envelope): Promise<void> {
    const interested = [...groups.values()].filter(({ topics }) => topics.has(envelope.topic));
    const results = await Promise.allSettled(
      interested.map(async ({ receive }) => {
        const own = structuredClone(envelope);
        await new Promise(setImmediate);
        await receive(own);
      }),
    );
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.join('; '));
  }
  return {
    async publish(envelope) {
      if (closed) throw new Error('The bus is closed');
      if (inFlight.size >= maxInFlight) throw new Error(`The bus is full: ${maxInFlight} events are in flight`);
      const delivery = deliver(envelope);
      inFlight.add(delivery);
      await delivery.finally(() => inFlight.delete(delivery));
    },
    async subscribe(group, topics, receive) {
      if (groups.has(group)) throw new Error(`The group ${group} is subscribed already`);
      groups.set(group, { topics: new Set(topics), receive });
    },
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
    },
  };
}
