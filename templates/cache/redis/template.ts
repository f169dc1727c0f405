import type { Intent, Template } from '../../../src/plan/template.ts';

const platform = 'packages/platform';

export const redis: Template = {
  axis: 'cache',
  id: 'redis',
  title: 'Redis',
  why: 'processes share what one of them loaded, behind a tier in memory; without it requests are still served',
  languages: ['node'],
  provides: ['cache'],
  state: (at) => {
    if (at.per === 'system') return systemIntents;
    return at.per === 'deployable' && at.deployable.kind !== 'gateway' ? [setting(at.deployable.name)] : [];
  },
  files: [{ per: 'system', from: 'node', to: `${platform}/src/cache`, owner: 'tool', when: { language: 'node' } }],
};

const systemIntents: readonly Intent[] = [
  {
    is: 'resource',
    id: 'redis',
    image: 'redis:7.4',
    port: 6379,
    ready: ['redis-cli', 'ping'],
    url: 'redis://{host}:{port}',
    // A cache: nothing is written to disk, and the memory that it may use is full before the container's is.
    command: ['redis-server', '--save', '', '--maxmemory', '192mb', '--maxmemory-policy', 'allkeys-lru'],
    memoryMb: 256,
  },
  { is: 'dependency', language: 'node', at: platform, name: 'ioredis', version: '6.0.0' },
  {
    is: 'adapter',
    language: 'node',
    port: 'cache',
    scheme: 'redis',
    file: 'cache/redis.ts',
    symbol: 'redisCache',
  },
];

const setting = (readBy: string): Intent => ({
  is: 'setting',
  name: 'CACHE_URL',
  readBy,
  secret: true,
  from: { resource: 'redis' },
  doc: 'Redis: redis://host:6379.',
  fallback: 'a cache in memory',
});
