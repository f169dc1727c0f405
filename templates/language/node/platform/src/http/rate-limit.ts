import { LRUCache } from 'lru-cache';
import type { Metrics } from '../telemetry/metrics.ts';

/**
 * A token bucket per caller, in this process: `rps` on average, `burst` at once. Gives the seconds to wait, 0 to go
 * on. Of more callers than it remembers, the one seen least recently starts anew.
 */
export function createRateLimit(
  { rps, burst, metrics }: { rps: number; burst: number; metrics: Metrics },
  now: () => number = () => performance.now() / 1000,
): (caller: string) => number {
  if (rps === 0) return () => 0;
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 50_000 });
  return (caller) => {
    const at = now();
    const bucket = buckets.get(caller) ?? { tokens: burst, at };
    if (bucket.at === at) buckets.set(caller, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + (at - bucket.at) * rps);
    bucket.at = at;
    if (bucket.tokens < 1) {
      metrics.rateLimited.inc();
      return (1 - bucket.tokens) / rps;
    }
    bucket.tokens -= 1;
    return 0;
  };
}
