import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createCache } from './cache.ts';
import type { Cache } from './port.ts';
import { redisCache } from './redis.ts';

const url = process.env.CACHE_URL;
const how = { ttlMs: 60_000, tags: ['product'] };
const opened: { close(): Promise<void> }[] = [];
function open(of: string) {
  const remote = { url: of, open: redisCache };
  const space = createCache({ metrics: createMetrics(), log: createLogger('silent', 'test'), remote });
  opened.push(space);
  return space.for('test');
}
/** Until what one of them loads is what the other one finds. */
const connected = (a: Cache, b: Cache) =>
  vi.waitFor(
    async () => {
      const key = randomUUID();
      await a.getOrLoad(key, async () => true, how);
      await delay(100);
      expect(await b.getOrLoad(key, async () => false, how)).toBe(true);
    },
    { timeout: 10_000 },
  );
afterAll(() => Promise.all(opened.map((space) => space.close())));

describe.skipIf(!url)(`with Redis${url ? '' : ' (skipped: CACHE_URL is not set)'}`, () => {
  it('loads once for two processes, and invalidates in both', async () => {
    const [a, b, key] = [open(url as string), open(url as string), randomUUID()];
    await connected(a, b);
    const load = vi.fn(async () => delay(50, randomUUID()));
    const values = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? a : b).getOrLoad(key, load, how)));
    expect([load.mock.calls.length, new Set(values).size]).toEqual([1, 1]);
    await a.invalidate(['product']);
    await vi.waitFor(async () => expect(await b.getOrLoad(key, load, how)).not.toBe(values[0]));
    expect(await a.getOrLoad(key, load, how)).toBe(await b.getOrLoad(key, load, how));
    expect(load).toHaveBeenCalledTimes(2);
  });
});

it('answers at once where no Redis listens', async () => {
  const cache = open('redis://127.0.0.1:1');
  const started = performance.now();
  for (let i = 0; i < 20; i++) expect(await cache.getOrLoad(`${i}`, async () => i, how)).toBe(i);
  expect(performance.now() - started).toBeLessThan(2_500);
});
