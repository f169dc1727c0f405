import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createCache } from './cache.ts';
import type { RemoteCacheTier } from './port.ts';

const how = { ttlMs: 60_000, tags: ['product'] };
const log = createLogger('silent', 'test');

/** A remote tier in this process; `down` makes it reject. */
function tier() {
  const [entries, versions, locks] = [new Map<string, string>(), new Map<string, string>(), new Set<string>()];
  const listeners: ((tags?: readonly string[]) => void)[] = [];
  const state = { down: false, calls: 0, entries };
  const call = async <R>(work: () => R): Promise<R> => {
    state.calls++;
    await delay(1);
    if (state.down) throw new Error('down');
    return work();
  };
  const remote: RemoteCacheTier = {
    read: (key, tags) =>
      call(() => ({ entry: entries.get(key) ?? null, versions: tags.map((tag) => versions.get(tag) ?? null) })),
    write: (key, entry) => call(() => void entries.set(key, entry)),
    lock: (key) =>
      call(() => {
        if (locks.has(key)) return null;
        locks.add(key);
        return () => call(() => void locks.delete(key));
      }),
    invalidate: (tags) =>
      call(() => {
        for (const tag of tags) versions.set(tag, `${Math.random()}`);
        for (const listener of listeners) listener(tags);
      }),
    onInvalidate: (listener) => void listeners.push(listener),
    close: async () => {},
  };
  return { state, open: { url: '', open: () => remote } };
}
function cacheOf(remote?: ReturnType<typeof tier>, maxBytes?: number) {
  const options = { metrics: createMetrics(), log, remote: remote?.open };
  return createCache(maxBytes ? { ...options, maxBytes } : options).for('catalog');
}
/** A load that counts its calls and takes a moment. */
const counter = () => {
  let calls = 0;
  return vi.fn(async () => {
    await delay(20);
    return { calls: ++calls };
  });
};

it('loads once for a hundred concurrent callers of two processes', async () => {
  const remote = tier();
  const [a, b, load] = [cacheOf(remote), cacheOf(remote), counter()];
  const all = Array.from({ length: 100 }, (_, i) => (i % 2 ? a : b).getOrLoad('k', load, how));
  expect(new Set((await Promise.all(all)).map(({ calls }) => calls))).toEqual(new Set([1]));
});

it('gives every reader the same JSON, which nobody can change', async () => {
  const cache = cacheOf();
  const load = async () => ({ at: new Date(0), list: [{ n: 1 }] });
  for (const value of [await cache.getOrLoad('k', load, how), await cache.getOrLoad('k', load, how)]) {
    expect(value).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [{ n: 1 }] });
    expect(() => value.list.push({ n: 2 })).toThrow(TypeError);
  }
  expect(await cache.getOrLoad('none', async () => undefined, how)).toBeUndefined();
});

it.each([
  ['memory', undefined],
  ['a remote tier', tier()],
])('keeps no value that was read before an invalidation, with %s', async (_, remote) => {
  const cache = cacheOf(remote);
  let stored = 'old';
  const [read, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async () => {
    const value = stored;
    read.resolve();
    await answer.promise;
    return value;
  };
  const before = cache.getOrLoad('k', slow, how);
  await read.promise;
  stored = 'new';
  await cache.invalidate(['product']);
  const after = cache.getOrLoad('k', async () => stored, how);
  await delay(5);
  answer.resolve();
  expect([await before, await after, await cache.getOrLoad('k', slow, how)]).toEqual(['old', 'new', 'new']);
});

it('invalidates by tag in every process, also what only the remote tier has', async () => {
  const remote = tier();
  const [a, b, load] = [cacheOf(remote), cacheOf(remote), counter()];
  for (const cache of [a, b]) await cache.getOrLoad('k', load, how);
  await a.invalidate(['other']);
  expect(await b.getOrLoad('k', load, how)).toEqual({ calls: 1 });
  await a.invalidate(['product']);
  expect(await b.getOrLoad('k', load, how)).toEqual({ calls: 2 });
  expect(await cacheOf(remote).getOrLoad('k', load, how)).toEqual({ calls: 2 });
});

it('serves a stale value while one load refreshes it', async () => {
  const [cache, refreshed] = [cacheOf(), Promise.withResolvers<string>()];
  await cache.getOrLoad('k', async () => 'old', { ttlMs: 10, staleMs: 60_000 });
  await delay(15);
  const load = vi.fn(() => refreshed.promise);
  const all = await Promise.all(Array.from({ length: 10 }, () => cache.getOrLoad('k', load, how)));
  expect(new Set(all)).toEqual(new Set(['old']));
  refreshed.resolve('new');
  await vi.waitFor(async () => expect(await cache.getOrLoad('k', load, how)).toBe('new'));
  expect(load).toHaveBeenCalledOnce();
});

it('does not remember a failed load', async () => {
  const cache = cacheOf(tier());
  await expect(cache.getOrLoad('k', () => Promise.reject(new Error('no')), how)).rejects.toThrow('no');
  expect(await cache.getOrLoad('k', async () => 1, how)).toBe(1);
});

it('goes on without its remote tier, asks it once a second, and then tells it what it missed', async () => {
  const remote = tier();
  const [cache, other, load] = [cacheOf(remote), cacheOf(remote), counter()];
  await cache.getOrLoad('k', load, how);
  await vi.waitFor(() => expect(remote.state.entries.size).toBe(1));
  remote.state.down = true;
  await cache.invalidate(['product']);
  const calls = remote.state.calls;
  for (const key of ['k', 'l', 'm']) await cache.getOrLoad(key, load, how);
  expect(load).toHaveBeenCalledTimes(4);
  expect(remote.state.calls).toBe(calls);
  remote.state.down = false;
  await delay(1_000);
  await cache.getOrLoad('n', load, how);
  expect(await other.getOrLoad('k', load, how)).toEqual({ calls: 6 });
});

it('stays within its size', async () => {
  const [cache, load] = [cacheOf(undefined, 1_000), vi.fn(async () => 'x'.repeat(400))];
  for (const key of ['a', 'b', 'c', 'a']) await cache.getOrLoad(key, load, how);
  expect(load).toHaveBeenCalledTimes(4);
});
