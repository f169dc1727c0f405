import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { camel } from '../../../src/blueprint/names.ts';
import { create, type GeneratedSystem, newEntity, type Served } from './system.ts';
import { until } from './wait.ts';

/** Counts of a module's processed events. */
export async function activity({ api }: Pick<Served, 'api'>, module: string): Promise<Record<string, number>> {
  const { status, body } = await api.get(`/${module}/activity`);
  if (status !== 200) throw new Error(`/${module}/activity: ${status}`);
  return body.counts;
}

/** Everything that a client can do with every module of a system, over HTTP alone. */
export async function exercise(system: GeneratedSystem, served: Served): Promise<void> {
  const { api } = served;
  for (const module of system.modules) {
    const { collection } = module;
    // Creation is idempotent by key.
    const body = await newEntity(system, api, module);
    const key = { 'idempotency-key': randomUUID() };
    const created = await api.post(collection, body, key);
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const again = await api.post(collection, body, key);
    expect([again.status, again.body.id]).toEqual([201, created.body.id]);
    const { id } = created.body as { id: string };

    const first = await api.get(`${collection}/${id}`);
    expect(first.body).toMatchObject(body);

    // The job ran, and the cache let its effect through.
    await until(`${module.name} indexed`, async () => (await api.get(`${collection}/${id}`)).body.indexedAt !== null);

    // From then on nothing changes it, and reads come from the cache.
    await until(`${module.name} read from the cache`, async () => {
      const hits = await api.metric('cache_requests_total', { result: 'hit' });
      expect((await api.get(`${collection}/${id}`)).status).toBe(200);
      return (await api.metric('cache_requests_total', { result: 'hit' })) > hits;
    });

    // Pages do not overlap.
    await create(system, api, module);
    const page = await api.get(`${collection}?limit=1`);
    const next = await api.get(`${collection}?limit=1&cursor=${encodeURIComponent(page.body.nextCursor)}`);
    expect(page.body.items).toHaveLength(1);
    expect(next.body.items[0].id).not.toBe(page.body.items[0].id);

    // An update needs the version it is based on.
    const current = await api.get(`${collection}/${id}`);
    const etag = current.headers.get('etag') ?? '';
    const updated = await api.patch(`${collection}/${id}`, { quantity: 7 }, { 'if-match': etag });
    expect([updated.status, updated.body.quantity]).toEqual([200, 7]);
    expect((await api.patch(`${collection}/${id}`, { quantity: 8 }, { 'if-match': etag })).status).toBe(412);
    expect((await api.get(`${collection}/${id}`)).body.quantity).toBe(7);

    await refusals(system, served, module.name);

    const deleted = await api.delete(`${collection}/${id}`);
    expect(deleted.status).toBe(204);
    expect((await api.get(`${collection}/${id}`)).status).toBe(404);

    // Each change was one event with one effect, here and in every module that consumes it.
    const topic = (change: string) => `${module.name}.${module.entity}-${change}`;
    const consumers = system.modules.filter(({ consumes }) => consumes.includes(topic('deleted')));
    for (const { name } of [module, ...consumers]) {
      await until(
        `${name} saw ${topic('deleted')}`,
        async () => ((await activity(served, name))[topic('deleted')] ?? 0) >= 1,
      );
    }
    expect((await activity(served, module.name))[topic('updated')]).toBe(1);
  }
}

/** What a client must not get, and that refusals are problems (RFC 9457). */
async function refusals(system: GeneratedSystem, { api }: Served, name: string): Promise<void> {
  const module = system.modules.find((one) => one.name === name);
  if (!module) throw new Error(`no module ${name}`);
  const unauthenticated = await api.get(module.collection, { authorization: '' });
  expect(unauthenticated.status).toBe(401);
  expect(unauthenticated.headers.get('content-type')).toContain('application/problem+json');
  expect(unauthenticated.body).toMatchObject({ status: 401, traceId: expect.any(String) });
  const invalid = await api.post(module.collection, { name: '', quantity: -1 });
  expect(invalid.status).toBe(400);
  const paths = invalid.body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(paths).toEqual(expect.arrayContaining(['#/name', '#/quantity']));
  expect((await api.get(`${module.collection}/${randomUUID()}`)).status).toBe(404);
  expect((await api.get('/no-such-module')).status).toBe(404);
  for (const used of system.modules.filter((one) => module.uses.includes(one.name))) {
    const body = { ...(await newEntity(system, api, module)), [`${camel(used.entity)}Id`]: randomUUID() };
    expect((await api.post(module.collection, body)).status).toBe(422);
  }
}
