import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { OpenRemoteCacheTier } from './port.ts';

const channel = 'cache:invalidated';
/** Twice the longest life of an entry: the version of a tag outlives every entry that depends on it. */
const versionMs = 48 * 3_600_000;
const unlock = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/**
 * Two connections: one that fails at once when Redis does not answer, because a request waits for it, and one that waits
 * for messages and comes back by itself.
 */
export const redisCache: OpenRemoteCacheTier = (url, onError) => {
  const retryStrategy = (times: number) => Math.min(100 * times, 2_000);
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 500,
    retryStrategy,
  });
  const subscriber = new Redis(url, { autoResubscribe: false, maxRetriesPerRequest: null, retryStrategy });
  const self = randomUUID();
  for (const connection of [redis, subscriber]) connection.on('error', onError);
  return {
    async read(key, tags) {
      const [entry = null, ...versions] = await redis.mget([`cache:entry:${key}`, ...tags.map(tagKey)]);
      return { entry, versions };
    },
    async write(key, entry, ttlMs) {
      if (ttlMs >= 1) await redis.set(`cache:entry:${key}`, entry, 'PX', Math.floor(ttlMs));
    },
    async lock(key, ttlMs) {
      const [name, token] = [`cache:lock:${key}`, randomUUID()];
      if ((await redis.set(name, token, 'PX', ttlMs, 'NX')) === null) return null;
      return async () => void (await redis.eval(unlock, 1, name, token));
    },
    async invalidate(tags) {
      const commands = tags.map((tag) => ['set', tagKey(tag), randomUUID(), 'PX', versionMs]);
      const results = await redis.multi([...commands, ['publish', channel, JSON.stringify([self, ...tags])]]).exec();
      const failed = results?.find(([error]) => error);
      if (!results || failed) throw failed?.[0] ?? new Error('Redis refused an invalidation');
    },
    onInvalidate(listener) {
      subscriber.on('message', (_, message) => {
        const [sender, ...tags] = JSON.parse(message) as string[];
        if (sender !== self) listener(tags);
      });
      // Also after the first connection: what was read before it may have been invalidated unheard.
      subscriber.on('ready', () => subscriber.subscribe(channel).then(() => listener(), onError));
    },
    async close() {
      redis.disconnect();
      subscriber.disconnect();
    },
  };
};

const tagKey = (tag: string) => `cache:tag:${tag}`;
