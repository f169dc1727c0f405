import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type System, system } from '../system.ts';
import { type Api, eventually } from './api.ts';

/** One kind of resource: where it lives and what creates one. */
export interface Resource {
  readonly contract: {
    readonly name: string;
    readonly events: Readonly<Record<string, { readonly topic: string }>>;
  };
  /** Path of the collection, `/catalog/products`. */
  readonly collection: string;
  /** A valid input, with everything that it refers to. */
  readonly input: (api: Api) => Promise<object>;
}

/** What every resource promises over HTTP, on any framework, database and cache. */
export function resourceSuite({ contract, collection, input }: Resource): void {
  const module = contract.name;
  let at: System;
  let valid: object;
  const create = async () => (await at.api.post(collection, valid)).body;
  const one = (id: string) => `${collection}/${id}`;

  beforeAll(async () => {
    at = await system();
    valid = await input(at.api);
  });

  describe('create, get, update, delete', () => {
    it('creates one, which can be read', async () => {
      const created = await at.api.post(collection, valid);
      expect(created.status).toBe(201);
      expect(created.headers.get('etag')).toMatch(/^"1-/);
      expect(created.body).toMatchObject({ ...valid, version: 1 });
      const read = await at.api.get(one(created.body.id));
      expect(read.status).toBe(200);
      expect(read.body).toMatchObject({ ...valid, id: created.body.id });
    });

    it('changes what it is told to and nothing else', async () => {
      const { id } = await create();
      const changed = await at.api.patch(one(id), { quantity: 9 }, { 'if-match': '"1"' });
      expect(changed.status).toBe(200);
      expect(changed.headers.get('etag')).toMatch(/^"2-/);
      expect((await at.api.get(one(id))).body).toMatchObject({ ...valid, quantity: 9, version: 2 });
    });

    it('deletes one, which is gone', async () => {
      const { id } = await create();
      await at.api.get(one(id));
      expect((await at.api.delete(one(id))).status).toBe(204);
      expect((await at.api.get(one(id))).status).toBe(404);
      expect((await at.api.delete(one(id))).status).toBe(404);
    });
  });

  describe('problems', () => {
    it('names every wrong field', async () => {
      const { status, headers, body } = await at.api.post(collection, { ...valid, quantity: -1, colour: 'red' });
      expect(status).toBe(400);
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(body.errors.map(({ pointer }) => pointer).sort()).toEqual(['#/colour', '#/quantity']);
      expect(body.traceId).toMatch(/^[\da-f]{32}$/);
    });

    it('tells a broken rule from a wrong shape', async () => {
      const { status, body } = await at.api.post(collection, { ...valid, name: ' ' });
      expect([status, body.type]).toEqual([422, `urn:problem:${module}:blank-name`]);
    });

    it('does not find what is not there', async () => {
      const { status, body } = await at.api.get(one(randomUUID()));
      expect([status, body.type]).toEqual([404, `urn:problem:${module}:not-found`]);
      expect((await at.api.get(one('1'))).status).toBe(400);
    });
  });

  describe('versions', () => {
    it('changes only the version that the caller has seen', async () => {
      const { id } = await create();
      expect((await at.api.patch(one(id), { quantity: 1 })).status).toBe(428);
      expect((await at.api.patch(one(id), { quantity: 1 }, { 'if-match': '"1"' })).status).toBe(200);
      expect((await at.api.patch(one(id), { quantity: 2 }, { 'if-match': '"1"' })).status).toBe(412);
      expect((await at.api.patch(one(id), { quantity: 2 }, { 'if-match': '"x"' })).status).toBe(412);
      expect((await at.api.get(one(id))).body.quantity).toBe(1);
    });

    it('lets one of two concurrent changes win', async () => {
      const { id } = await create();
      const both = [11, 12].map((quantity) => at.api.patch(one(id), { quantity }, { 'if-match': '"1"' }));
      expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 412]);
    });

    it('sends nothing to a reader who has it already', async () => {
      const { id } = await create();
      const { headers } = await eventually(
        () => at.api.get(one(id)),
        ({ body }) => body.indexedAt !== null,
      );
      const again = await at.api.get(one(id), { 'if-none-match': headers.get('etag') ?? '' });
      expect([again.status, again.text]).toEqual([304, '']);
    });

    it('sends what a job has changed since to a reader who has the version before', async () => {
      const { body, headers } = await at.api.post(collection, valid);
      const again = await eventually(
        () => at.api.get(one(body.id), { 'if-none-match': headers.get('etag') ?? '' }),
        ({ status }) => status === 200,
      );
      expect(again.body).toMatchObject({ version: 1, indexedAt: expect.any(String) });
    });
  });

  describe('list', () => {
    it('gives pages, newest first, each exactly once', async () => {
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.unshift((await create()).id);
      const found: string[] = [];
      let cursor: string | null = null;
      while (found.length < ids.length) {
        const { status, body } = await at.api.get(`${collection}?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
        expect(status).toBe(200);
        expect(body.items).toHaveLength(2);
        found.push(...body.items.map(({ id }) => id));
        cursor = body.nextCursor;
      }
      expect(found.slice(0, ids.length)).toEqual(ids);
    });

    it('shows a change at once, although it is cached', async () => {
      const first = await create();
      expect((await at.api.get(`${collection}?limit=1`)).body.items[0]?.id).toBe(first.id);
      const second = await create();
      expect((await at.api.get(`${collection}?limit=1`)).body.items[0]?.id).toBe(second.id);
    });

    it.each(['limit=0', 'limit=101', 'limit=many', 'cursor=abc', 'sort=name'])('refuses ?%s', async (query) => {
      expect((await at.api.get(`${collection}?${query}`)).status).toBe(400);
    });
  });

  describe('Idempotency-Key', () => {
    it('makes one of many requests with one key', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const first = await at.api.post(collection, valid, key);
      const again = await at.api.post(collection, valid, key);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    });

    it('refuses the key for another input', async () => {
      const key = { 'idempotency-key': randomUUID() };
      await at.api.post(collection, valid, key);
      expect((await at.api.post(collection, { ...valid, quantity: 8 }, key)).status).toBe(422);
    });
  });

  describe('tokens', () => {
    it('asks for one', async () => {
      const { status, headers } = await at.anonymous.get(collection);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    });

    it('refuses a forged one', async () => {
      expect((await at.anonymous.get(collection, { authorization: 'Bearer a.b.c' })).status).toBe(401);
    });

    it('asks for the scope of the operation', async ({ skip }) => {
      const { powerless } = at;
      if (!powerless) return skip('nobody here can mint a token without scopes');
      expect((await powerless.get(collection)).status).toBe(403);
      expect((await powerless.post(collection, valid)).status).toBe(403);
    });
  });

  describe('behind the answer', () => {
    it('reads the second time from the cache', async ({ skip }) => {
      const { ops } = at;
      if (!ops) return skip('OPS_URL is not set');
      const hits = async () => {
        const { text } = await ops.get('/metrics');
        const line = text
          .split('\n')
          .find((each) => each.startsWith(`cache_requests_total{cache="${module}",result="hit"}`));
        return Number(line?.split(' ').at(-1) ?? 0);
      };
      const { id } = await create();
      await eventually(
        () => at.api.get(one(id)),
        ({ body }) => body.indexedAt !== null,
      );
      await at.api.get(one(id));
      const before = await hits();
      await at.api.get(one(id));
      expect(await hits()).toBe(before + 1);
    });

    it('indexes in the background', async () => {
      const { id } = await create();
      const { body } = await eventually(
        () => at.api.get(one(id)),
        (answer) => answer.body.indexedAt !== null,
      );
      expect(body.version).toBe(1);
    });

    it('tells of every change once', async () => {
      const topics = Object.values(contract.events).map(({ topic }) => topic);
      const counts = async () => {
        const { body } = await at.api.get(`/${module}/activity`);
        return topics.map((topic) => body.counts[topic] ?? 0);
      };
      // Unchanged for longer than the bus of `dev:split` takes until it looks for events.
      const settled = async () => {
        let [seen, since] = [await counts(), Date.now()];
        return eventually(counts, (now) => {
          if (now.join() !== seen.join()) [seen, since] = [now, Date.now()];
          return Date.now() - since > 1_000;
        });
      };
      const before = await settled();
      const { id } = await create();
      await at.api.patch(one(id), { quantity: 5 }, { 'if-match': '"1"' });
      await at.api.delete(one(id));
      const after = before.map((count) => count + 1);
      await eventually(counts, (now) => now.join() >= after.join());
      expect(await settled()).toEqual(after);
    });
  });
}
