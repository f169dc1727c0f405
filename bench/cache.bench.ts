import { missing, redis } from '../test/e2e/support/services.ts';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { onPlatform } from './support/platform.ts';

/** CPU and elapsed time of a hit with two tags, in µs, for each of nine rounds; then the loads of a cold key. */
const program = `
import { setTimeout as delay } from 'node:timers/promises';
import { createCache } from './src/cache/cache.ts';
import { redisCache } from './src/cache/redis.ts';
import { createLogger } from './src/telemetry/logger.ts';
import { createMetrics } from './src/telemetry/metrics.ts';

const log = createLogger('silent', 'bench');
const open = (url) => createCache({ log, metrics: createMetrics(), remote: url && { url, open: redisCache } });
const how = { ttlMs: 600_000, tags: ['product:1', 'products'] };
const hot = open().for('catalog');
const load = async () => ({ id: '1', name: 'Lamp' });
const rounds = [];
for (let round = 0; round < 10; round++) {
  const [cpu, started, count] = [process.cpuUsage(), performance.now(), 200_000];
  for (let i = 0; i < count; i++) await hot.getOrLoad('product:1', load, how);
  const { user, system } = process.cpuUsage(cpu);
  if (round > 0) rounds.push({ cpu: (user + system) / count, elapsed: ((performance.now() - started) * 1000) / count });
}
const spaces = [open(process.env.CACHE_URL), open(process.env.CACHE_URL)];
await delay(300);
let loads = 0;
const slow = () => delay(100, ++loads);
await Promise.all(Array.from({ length: 100 }, (_, i) => spaces[i % 2].for('catalog').getOrLoad('cold', slow, how)));
for (const space of spaces) await space.close();
console.log(JSON.stringify({ rounds, loads }));
`;

export const bench: Bench = {
  title: 'Cache of a generated system',
  missing: missing.redis,
  async run() {
    const server = await redis();
    type Measured = { rounds: { cpu: number; elapsed: number }[]; loads: number };
    const { rounds, loads } = onPlatform<Measured>(program, { CACHE_URL: server.url });
    await server.process.stop();
    const row = (name: string, values: readonly number[], limit?: number) => ({
      name,
      value: median(values),
      unit: 'us' as const,
      spread: [Math.min(...values), Math.max(...values)] as const,
      ...(limit === undefined ? {} : { limit }),
    });
    const hit = 'hot hit with two tags';
    return [
      row(
        `${hit}, CPU`,
        rounds.map(({ cpu }) => cpu),
        2,
      ),
      row(
        `${hit}, elapsed`,
        rounds.map(({ elapsed }) => elapsed),
      ),
      { name: 'loads of 100 concurrent misses on two instances', value: loads, unit: 'count', limit: 1 },
    ];
  },
};
