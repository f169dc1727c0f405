import { afterAll, describe, expect, test } from 'vitest';
import { activity, exercise } from './support/flow.ts';
import { issuer } from './support/issuer.ts';
import { defaultSystem } from './support/packages.ts';
import { stopAll, succeed } from './support/processes.ts';
import { missing, postgres, redis } from './support/services.ts';
import { create, describeSystem, serve, settings } from './support/system.ts';
import { until } from './support/wait.ts';

afterAll(stopAll);
const why = missing.postgres() ?? missing.redis();

describe('the same system on PostgreSQL and Redis, by environment variables only', () => {
  test('serves every module', async ({ skip }) => {
    if (why) skip(why);
    const system = await describeSystem(await defaultSystem());
    const [database, cache] = [await postgres(), await redis()];
    const served = await serve(system, await settings({ DATABASE_URL: database.url, CACHE_URL: cache.url }));
    await exercise(system, served);
    expect((await served.process.stop()).code).toBe(0);
    await Promise.all([database.process.stop(), cache.process.stop()]);
  });

  test('two instances share one cache and one set of jobs', async ({ skip }) => {
    if (why) skip(why);
    const system = await describeSystem(await defaultSystem());
    const [database, cache] = [await postgres(), await redis()];
    const shared = { DATABASE_URL: database.url, CACHE_URL: cache.url };
    const env = await settings(shared);
    const one = await serve(system, env);
    const two = await serve(system, { ...(await settings(shared)), DATA_DIR: env.DATA_DIR });
    const [module] = system.modules;
    if (!module) throw new Error('the default system has modules');
    const { id } = await create(system, one.api, module);
    const path = `${module.collection}/${id}`;
    await until('indexed', async () => (await one.api.get(path)).body.indexedAt !== null);
    expect((await two.api.get(path)).status).toBe(200);
    const { body, headers } = await two.api.get(path);
    // A change through one instance is seen by the other, which had it in its memory.
    const changed = await one.api.patch(path, { quantity: 41 }, { 'if-match': headers.get('etag') ?? '' });
    expect(changed.body.version).toBe(body.version + 1);
    await until('the other instance sees the change', async () => (await two.api.get(path)).body.quantity === 41, {
      withinMs: 2_000,
    });
    const topic = `${module.name}.${module.entity}-created`;
    await until('the effect', async () => (await activity(two, module.name))[topic] === 1);
    await Promise.all([one.process.stop(), two.process.stop()]);
    await Promise.all([database.process.stop(), cache.process.stop()]);
  });

  test('serves in production, with the tokens of another issuer', async ({ skip }) => {
    if (why) skip(why);
    const system = await describeSystem(await defaultSystem());
    const [database, cache, identity] = [await postgres(), await redis(), await issuer()];
    const env = await settings({
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      CACHE_URL: cache.url,
      AUTH_ISSUER: identity.issuer,
      AUTH_AUDIENCE: 'shop',
      AUTH_JWKS_URL: identity.jwksUrl,
    });
    const scopes = system.modules.flatMap(({ name }) => [`${name}:read`, `${name}:write`]);
    const claims = { iss: identity.issuer, aud: 'shop', sub: 'e2e', scope: scopes.join(' ') };
    await succeed('node', ['deployables/api/main.ts', 'migrate'], { cwd: system.dir, env });
    const served = await serve(system, env, identity.token(claims));
    await exercise(system, served);
    const collection = system.modules[0]?.collection ?? '';
    const as = async (wrong: Record<string, unknown>) => {
      const token = identity.token({ ...claims, ...wrong });
      return (await served.api.get(collection, { authorization: `Bearer ${token}` })).status;
    };
    expect(await as({})).toBe(200);
    expect(await as({ aud: 'somebody-else' })).toBe(401);
    expect(await as({ iss: 'https://elsewhere.test' })).toBe(401);
    expect(await as({ exp: 1_000 })).toBe(401);
    expect(await as({ scope: 'nothing' })).toBe(403);
    expect((await served.process.stop()).code).toBe(0);
    await Promise.all([database.process.stop(), cache.process.stop(), identity.close()]);
  });
});

test('Redis killed: requests are still served, and the cache is back when Redis is', async ({ skip }) => {
  if (why) skip(why);
  const system = await describeSystem(await defaultSystem());
  const [database, cache] = [await postgres(), await redis()];
  const served = await serve(system, await settings({ DATABASE_URL: database.url, CACHE_URL: cache.url }));
  const [module] = system.modules;
  if (!module) throw new Error('the default system has modules');
  const { api } = served;
  const { id } = await create(system, api, module);
  expect((await api.get(`${module.collection}/${id}`)).status).toBe(200);

  cache.process.kill('SIGKILL');
  await cache.process.exited;
  for (let i = 0; i < 20; i++) {
    const made = await create(system, api, module);
    const started = performance.now();
    expect((await api.get(`${module.collection}/${made.id}`)).status).toBe(200);
    expect((await api.get(`${module.collection}?limit=5`)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(2_000);
  }
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);

  const back = await redis(cache.port);
  await until('the cache answers again', async () => {
    const path = `${module.collection}/${id}`;
    const before = await api.metric('cache_requests_total', { result: 'hit' });
    await api.get(path);
    await api.get(path);
    return (await api.metric('cache_requests_total', { result: 'hit' })) > before;
  });
  expect((await served.process.stop()).code).toBe(0);
  await Promise.all([database.process.stop(), back.process.stop()]);
});
