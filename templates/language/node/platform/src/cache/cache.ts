import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { CacheOptions, CacheSpace, Json, OpenRemoteCacheTier, RemoteCacheTier } from './port.ts';

interface Entry {
  readonly value: unknown;
  readonly tags: readonly string[];
  /** The moment, in invalidations, at which its load began. */
  readonly at: number;
  freshUntil: number;
  readonly staleUntil: number;
  readonly size: number;
}
/** An entry as the remote tier has it: with the versions of its tags instead of a moment. */
interface Stored extends Pick<Entry, 'value' | 'tags' | 'freshUntil' | 'staleUntil'> {
  readonly versions: readonly (string | null)[];
}
/** What a caller wants who found nothing useful in memory. */
interface Want extends CacheOptions {
  readonly name: string;
  readonly key: string;
  readonly tags: readonly string[];
  readonly load: () => Promise<unknown>;
}
/** A load in progress; `at` as in `Entry`. */
interface Flight {
  at: number;
  entry: Promise<Entry>;
}

/** Longest life of an entry. A tier keeps the versions of tags for longer than that. */
const maxAgeMs = 24 * 3_600_000;
const maxTags = 100_000;
/** How long a load may keep the others from loading, and how long they wait for it, asking every `askMs`. */
const [lockMs, waitMs, askMs] = [10_000, 3_000, 15];
/** How long the remote tier is left alone after a failure. */
const pauseMs = 1_000;

/**
 * Memory in front of an optional tier that processes share. Of concurrent misses one loads: in a process by sharing its
 * promise, between processes by a lock. Every invalidation is a moment, and an entry is valid while none of its tags was
 * invalidated after its load began; so a value that was read before a change and arrives after it is never kept.
 */
export function createCache(options: {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly remote?: { readonly url: string; readonly open: OpenRemoteCacheTier } | undefined;
  /** Size of the tier in memory, measured as JSON. */
  readonly maxBytes?: number;
}): CacheSpace {
  const { metrics, log, maxBytes = 64 * 1024 * 1024 } = options;
  const remote = options.remote?.open(options.remote.url, (error) => log.debug({ err: error }, 'remote cache'));
  const entries = new LRUCache<string, Entry>({ maxSize: maxBytes, sizeCalculation: ({ size }) => size });
  const flights = new Map<string, Flight>();
  /** When each tag was last invalidated; before `floor` for those that are not in here any more. */
  const invalidated = new Map<string, number>();
  let [moment, floor] = [0, 0];
  /** What the tier has not been told yet, because it was down. */
  const unsent = new Set<string>();
  let pausedUntil = 0;

  const valid = (at: number, tags: readonly string[]) => tags.every((tag) => (invalidated.get(tag) ?? floor) <= at);
  function forget(tags?: readonly string[]): void {
    if (!tags) {
      floor = ++moment;
      invalidated.clear();
    }
    for (const tag of tags ?? []) {
      invalidated.delete(tag);
      invalidated.set(tag, ++moment);
      const [oldest] = invalidated;
      if (oldest && invalidated.size > maxTags) {
        invalidated.delete(oldest[0]);
        floor = oldest[1];
      }
    }
  }
  remote?.onInvalidate(forget);

  /** Undefined without a tier and while it is down, which is noticed once a second and not by every request. */
  async function ask<R>(name: string, question: (tier: RemoteCacheTier) => Promise<R>): Promise<R | undefined> {
    if (!remote || Date.now() < pausedUntil) return undefined;
    try {
      if (unsent.size > 0) await send(remote);
      return await question(remote);
    } catch (error) {
      pausedUntil = Date.now() + pauseMs;
      metrics.cacheRequests.inc({ cache: name, result: 'error' });
      log.warn({ err: error }, 'the remote cache does not answer: going on without it');
      return undefined;
    }
  }

  async function send(tier: RemoteCacheTier): Promise<void> {
    const tags = [...unsent];
    unsent.clear();
    await tier.invalidate(tags).catch((error) => {
      for (const tag of tags) unsent.add(tag);
      throw error;
    });
  }

  function keep(key: string, at: number, { value, tags, freshUntil, staleUntil }: Stored, size: number): Entry {
    const entry: Entry = { value: freeze(value), tags, at, freshUntil, staleUntil, size: key.length + size };
    if (valid(at, tags)) entries.set(key, entry);
    return entry;
  }

  async function find(want: Want, flight: Flight, stale: boolean): Promise<Entry> {
    const { name, key, tags, ttlMs, staleMs = 0 } = want;
    const giveUpAt = Date.now() + waitMs;
    let versions: readonly (string | null)[] | undefined;
    let unlock: (() => Promise<void>) | null | undefined;
    try {
      while (true) {
        flight.at = moment;
        const found = await ask(name, async (tier) => {
          const { entry, versions } = await tier.read(key, tags);
          return {
            versions,
            size: entry?.length ?? 0,
            known: entry && usable(JSON.parse(entry), tags, versions, stale),
          };
        });
        if (found?.known) return keep(key, flight.at, found.known, found.size);
        versions = found?.versions;
        // Whoever has the lock reads once more: the one before may have stored the value after the first look.
        if (!found || unlock || Date.now() > giveUpAt) break;
        unlock = await ask(name, (tier) => tier.lock(key, lockMs));
        if (unlock === undefined) break;
        if (unlock === null) await delay(askMs);
      }
      const text = JSON.stringify({ value: await want.load() });
      const now = Date.now();
      const freshUntil = now + Math.min(maxAgeMs, ttlMs * (0.9 + Math.random() * 0.2));
      const staleUntil = Math.min(now + maxAgeMs, freshUntil + staleMs);
      const stored: Stored = { ...JSON.parse(text), tags, versions: versions ?? [], freshUntil, staleUntil };
      if (versions) {
        const [write, release] = [JSON.stringify(stored), unlock];
        const written = ask(name, (tier) => tier.write(key, write, staleUntil - now));
        if (release) void written.then(() => ask(name, release));
        unlock = undefined;
      }
      return keep(key, flight.at, stored, text.length);
    } finally {
      if (unlock) void ask(name, unlock);
    }
  }

  /** Joins a load that is not older than the last invalidation of its tags, or begins one. */
  function fly(want: Want, stale: boolean): Promise<Entry> {
    const current = flights.get(want.key);
    if (current && valid(current.at, want.tags)) return current.entry;
    const flight = { at: moment } as Flight;
    flights.set(want.key, flight);
    flight.entry = find(want, flight, stale).finally(() => {
      if (flights.get(want.key) === flight) flights.delete(want.key);
    });
    return flight.entry;
  }

  return {
    for(name) {
      const own = (tags: readonly string[] = []) => tags.map((tag) => `${name}:${tag}`);
      return {
        async getOrLoad<V>(part: string, load: () => Promise<V>, how: CacheOptions) {
          const key = `${name}:${part}`;
          const held = entries.get(key);
          const useful = held && Date.now() < held.staleUntil && valid(held.at, held.tags);
          const entry = useful ? held : await fly({ ...how, name, key, load, tags: own(how.tags) }, true);
          const now = Date.now();
          const fresh = now < entry.freshUntil;
          metrics.cacheRequests.inc({ cache: name, result: !useful ? 'miss' : fresh ? 'hit' : 'stale' });
          if (!fresh && now < entry.staleUntil) {
            fly({ ...how, name, key, load, tags: own(how.tags) }, false).catch((error) => {
              entry.freshUntil = Date.now() + pauseMs;
              log.warn({ err: error, key }, 'a stale cache entry could not be loaded again');
            });
          }
          return entry.value as Json<V>;
        },
        async invalidate(part) {
          const tags = own(part);
          forget(tags);
          if (remote) for (const tag of tags) unsent.add(tag);
          await ask(name, async () => {});
          forget(tags);
        },
      };
    },
    close: async () => remote?.close(),
  };
}

/** What the tier has, if it is of these tags, none of them changed since, and not too old. */
function usable(entry: Stored, tags: readonly string[], versions: Stored['versions'], stale: boolean) {
  const same = tags.length === entry.tags.length && tags.every((tag, i) => tag === entry.tags[i]);
  const unchanged = same && versions.every((version, i) => version === entry.versions[i]);
  return unchanged && Date.now() < (stale ? entry.staleUntil : entry.freshUntil) ? entry : undefined;
}

/** Readers share one object: who changes it gets an error instead of changing it for all. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
