import { randomUUID } from 'node:crypto';
import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, defineContract, type Handlers, operation, problem, Type } from '../contract.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createHttpApp } from './app.ts';
import { operationEndpoint } from './dispatcher.ts';
import { documents } from './docs.ts';
import type { HttpHost, HttpResponse, IdempotencyStore } from './port.ts';
import { problems } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';

const Item = Type.Object({ id: Type.String(), name: Type.String(), version: Type.Integer() });
const id = Type.String({ format: 'uuid' });
const shelf = defineContract('shelf', {
  operations: {
    createItem: operation({
      method: 'POST',
      path: '/items',
      summary: 'Create.',
      scope: 'shelf:write',
      input: Type.Object({ name: Type.String({ minLength: 1 }) }),
      output: Item,
      status: 201,
      idempotent: true,
    }),
    getItem: operation({
      method: 'GET',
      path: '/items/{id}',
      summary: 'Get.',
      scope: 'shelf:read',
      input: Type.Object({ id }),
      output: Item,
      errors: { notFound: 404 },
    }),
    listItems: operation({
      method: 'GET',
      path: '/items',
      summary: 'List.',
      scope: 'shelf:read',
      input: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
        exact: Type.Optional(Type.Boolean()),
        tag: Type.Optional(Type.Array(Type.String())),
        q: Type.Optional(Type.String()),
      }),
      output: Type.Object({ seen: Type.Record(Type.String(), Type.Unknown()) }),
    }),
    updateItem: operation({
      method: 'PATCH',
      path: '/items/{id}',
      summary: 'Update.',
      scope: 'shelf:write',
      input: Type.Object({ id, version: Type.Integer(), name: Type.String() }),
      output: Item,
      errors: { stale: 412 },
    }),
    deleteItem: operation({
      method: 'DELETE',
      path: '/items/{id}',
      summary: 'Delete.',
      scope: 'shelf:write',
      input: Type.Object({ id }),
    }),
    misbehave: operation({
      method: 'GET',
      path: '/misbehave/{how}',
      summary: 'Fail.',
      scope: 'shelf:read',
      input: Type.Object({ how: Type.String() }),
      output: Type.Object({ ok: Type.Boolean() }),
      errors: { declared: 409 },
    }),
  },
});

/** What every HTTP host must do: the same requests over real sockets, whatever the framework. */
export function hostConformance(name: string, host: HttpHost): void {
  describe(`${name} as HTTP host`, () => {
    const lines: string[] = [];
    const metrics = createMetrics();
    let draining = false;
    let aborted = 0;
    let created = 0;
    const handlers: Handlers<typeof shelf> = {
      createItem: async (input) => ({ id: randomUUID(), ...input, version: 1, secret: ++created }),
      getItem: async ({ id }) => {
        if (id.startsWith('0')) throw problem(shelf.operations.getItem, 'notFound', `No item ${id}.`);
        return { id, name: 'lamp', version: 3 };
      },
      listItems: async (seen) => ({ seen }),
      updateItem: async ({ id, version, name }) => {
        if (version !== 3) throw problem(shelf.operations.updateItem, 'stale');
        return { id, name, version: 4 };
      },
      deleteItem: async () => null,
      misbehave: ({ how }, call) => misbehave(how, call, () => aborted++),
    };
    const services = {
      authenticate: (authorization: string | undefined) => {
        if (!authorization) throw problems.unauthenticated('Bearer', 'Send a bearer token.');
        const [subject = '', ...scopes] = authorization.replace('Bearer ', '').split(' ');
        return { subject, scopes: new Set(scopes) };
      },
      limit: createRateLimit({ rps: 1, burst: 60, metrics }),
      idempotency: memoryStore(),
      timeoutMs: 200,
    };
    const app = createHttpApp({
      endpoints: [
        ...Object.entries(shelf.operations).map(([key, each]) => {
          return operationEndpoint(each, handlers[key as keyof typeof handlers] as never, services);
        }),
        ...documents('shelf', [shelf]),
      ],
      log: createLogger('info', 'test', { write: (line) => lines.push(line) }),
      metrics,
      draining: () => draining,
    });
    const server = host(app, { bodyLimitBytes: 1000, requestTimeoutMs: 5_000, keepAliveTimeoutMs: 1_000 });
    let base: string;
    beforeAll(async () => {
      base = await server.listen(0, '127.0.0.1');
    });
    afterAll(() => server.close());

    const uuid = '5f0c8c1e-2f6b-4c5e-9d0a-7d6f6f3a1b2c';
    const all = 'Bearer ann shelf:read shelf:write';
    async function send(
      method: string,
      path: string,
      options: { body?: unknown; headers?: Record<string, string> } = {},
    ) {
      const { body } = options;
      const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const headers = { authorization: all, ...(raw && { 'content-type': 'application/json' }), ...options.headers };
      const response = await fetch(base + path, { method, headers, ...(raw && { body: raw as string }) });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json');
      return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
    }

    it('decodes input by its schema and answers what the contract names, nothing else', async () => {
      const made = await send('POST', '/shelf/items', { body: { name: 'ü' } });
      expect(made).toMatchObject({ status: 201, body: { name: 'ü', version: 1 } });
      expect(made.body).not.toHaveProperty('secret');
      expect(made.headers.get('content-type')).toBe('application/json');
      const list = async (query: string) => (await send('GET', `/shelf/items?${query}`)).body.seen;
      expect(await list('')).toEqual({ limit: 20 });
      expect(await list('limit=5&exact=true&tag=a&q=5')).toEqual({ limit: 5, exact: true, tag: ['a'], q: '5' });
      expect(await list('tag=a&tag=b%20c')).toEqual({ limit: 20, tag: ['a', 'b c'] });
      expect(await send('DELETE', `/shelf/items/${uuid}`)).toMatchObject({ status: 204, body: '' });
      expect(await send('HEAD', `/shelf/items/${uuid}`)).toMatchObject({ status: 200, body: '' });
    });

    it.each([
      [
        'POST',
        '/shelf/items',
        { name: '', size: 1 },
        [
          ['#/size', 'is not known'],
          ['#/name', expect.any(String)],
        ],
      ],
      ['POST', '/shelf/items', {}, [['#/name', 'is required']]],
      ['POST', '/shelf/items', '[]', [['#', 'must be an object']]],
      ['POST', '/shelf/items', '{"name":"x","__proto__":{}}', [['#/__proto__', 'is not known']]],
      ['POST', '/shelf/items?name=x', { name: 'x' }, [['#/name', 'is not known here']]],
      ['PATCH', `/shelf/items/${uuid}`, { id: uuid, name: 'x' }, [['#/id', 'is not known here']]],
      ['GET', '/shelf/items?limit=0x5', undefined, [['#/limit', 'must be integer']]],
      ['GET', '/shelf/items?limit=101&limit=1', undefined, [['#/limit', 'must be integer']]],
      ['GET', '/shelf/items?__proto__=a&__proto__=b', undefined, [['#/__proto__', 'is not known']]],
      ['GET', '/shelf/items/7', undefined, [['#/id', 'must match format "uuid"']]],
    ])('%s %s %j names each wrong field', async (method, path, body, expected) => {
      const response = await send(method, path, { body, headers: { 'if-match': '"3"' } });
      expect(response).toMatchObject({ status: 400, body: { type: 'urn:problem:platform:invalid-input' } });
      expect(response.body.errors).toEqual(expected.map(([pointer, detail]) => ({ pointer, detail })));
    });

    it.each([
      ['GET', '/shelf/nothing', {}, 404, 'no-route'],
      ['GET', '/shelf/items/%zz', {}, 404, 'no-route'],
      ['GET', '/shelf/items/', {}, 404, 'no-route'],
      ['PUT', '/shelf/items', {}, 405, 'method-not-allowed'],
      ['POST', '/shelf/items', { body: '{' }, 400, 'malformed-body'],
      ['POST', '/shelf/items', { body: new Uint8Array([34, 0xff, 34]) }, 400, 'malformed-body'],
      ['POST', '/shelf/items', { body: 'x'.repeat(1001) }, 413, 'body-too-long'],
      ['POST', '/shelf/items', { body: 'x', headers: { 'content-type': 'text/plain' } }, 415, 'not-json'],
      ['GET', '/shelf/items', { headers: { authorization: '' } }, 401, 'unauthenticated'],
      ['GET', '/shelf/items', { headers: { authorization: 'Bearer ann' } }, 403, 'forbidden'],
      ['PATCH', `/shelf/items/${uuid}`, { body: { name: 'x' } }, 428, 'version-required'],
      ['GET', '/shelf/misbehave/slowly', {}, 504, 'timeout'],
      ['GET', '/shelf/misbehave/undeclared', {}, 500, 'internal'],
      ['GET', '/shelf/misbehave/output', {}, 500, 'internal'],
      ['GET', '/shelf/misbehave/at-once', {}, 500, 'internal'],
    ])('%s %s %j is %i %s', async (method, path, options, status, code) => {
      const response = await send(method, path, options);
      expect(response).toMatchObject({
        status,
        body: {
          type: `urn:problem:platform:${code}`,
          status,
          instance: path,
          traceId: expect.stringMatching(/^\w{32}$/),
        },
      });
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    });

    it('tells what a refused caller may do', async () => {
      const header = async (name: string, ...request: Parameters<typeof send>) =>
        (await send(...request)).headers.get(name);
      expect(await header('allow', 'PUT', '/shelf/items')).toBe('GET, POST');
      expect(await header('www-authenticate', 'GET', '/shelf/items', { headers: { authorization: '' } })).toBe(
        'Bearer',
      );
      const poor = { headers: { authorization: 'Bearer ann shelf:read' } };
      expect(await header('www-authenticate', 'DELETE', `/shelf/items/${uuid}`, poor)).toContain('scope="shelf:write"');
    });

    it('sends problems that the contract names, and aborts work that takes too long', async () => {
      const gone = await send('GET', `/shelf/items/0${uuid.slice(1)}`);
      expect(gone).toMatchObject({ status: 404, body: { type: 'urn:problem:shelf:not-found', title: 'Not found' } });
      expect((await send('GET', '/shelf/misbehave/declared')).body.type).toBe('urn:problem:shelf:declared');
      const before = aborted;
      await send('GET', '/shelf/misbehave/slowly');
      expect(aborted).toBe(before + 1);
    });

    it('speaks of versions through ETag, If-None-Match and If-Match', async () => {
      const path = `/shelf/items/${uuid}`;
      const etag = (await send('GET', path)).headers.get('etag') ?? '';
      expect(etag).toMatch(/^"3-[0-9a-f]+"$/);
      const again = (tags: string) => send('GET', path, { headers: { 'if-none-match': tags } });
      expect(await again(`"2", W/${etag}`)).toMatchObject({ status: 304, body: '' });
      expect(await again('"3-0"')).toMatchObject({ status: 200 });
      const update = (ifMatch: string) =>
        send('PATCH', path, { body: { name: 'x' }, headers: { 'if-match': ifMatch } });
      expect(await update('"2"')).toMatchObject({ status: 412, body: { type: 'urn:problem:shelf:stale' } });
      expect(await update('other')).toMatchObject({ status: 412 });
      for (const ifMatch of ['"3"', etag]) expect((await update(ifMatch)).headers.get('etag')).toMatch(/^"4-/);
    });

    it('creates once per Idempotency-Key', async () => {
      const create = (key: string, name: string) =>
        send('POST', '/shelf/items', { body: { name }, headers: { 'idempotency-key': key } });
      const before = created;
      const first = await create('a', 'one');
      const second = await create('a', 'one');
      expect(second.body).toEqual(first.body);
      expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
      expect(created).toBe(before + 1);
      expect(await create('a', 'two')).toMatchObject({ status: 422 });
    });

    it('logs one line and counts one observation per request, under the trace of the caller', async () => {
      const traceId = 'a'.repeat(32);
      lines.length = 0;
      await send('GET', '/shelf/items?q=private', { headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` } });
      expect(lines).toHaveLength(1);
      const line = { traceId, operation: 'shelf.listItems', method: 'GET', path: '/shelf/items', status: 200 };
      expect(JSON.parse(lines[0] as string)).toMatchObject(line);
      expect(lines[0]).not.toContain('private');
      const text = await metrics.registry.metrics();
      expect(text).toContain(
        'http_request_duration_seconds_count{operation="shelf.deleteItem",method="DELETE",status="204"}',
      );
      expect(text).toContain('http_requests_in_flight 0');
    });

    it('documents itself without scripts', async () => {
      expect((await send('GET', '/openapi.json')).body.paths['/shelf/items/{id}']).toHaveProperty('patch');
      const docs = await send('GET', '/docs');
      expect(docs.body).toContain('/shelf/items/{id}');
      expect(docs.headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    it('limits each caller, and those who guess tokens by address', async () => {
      const statuses = async (authorization: string) => {
        const responses = await Promise.all(
          Array.from({ length: 70 }, () => send('GET', '/shelf/items', { headers: { authorization } })),
        );
        return new Set(responses.map(({ status }) => status));
      };
      expect(await statuses('Bearer bob shelf:read')).toEqual(new Set([200, 429]));
      expect(await statuses('')).toEqual(new Set([401, 429]));
      expect((await send('GET', '/shelf/items')).status).toBe(200);
    });

    it('ends connections while it drains, and closes when requests in flight are answered', async () => {
      draining = true;
      const slow = send('GET', '/shelf/misbehave/slowly');
      await new Promise<void>((resolve) => {
        rawRequest(`${base}/shelf/items`, { headers: { authorization: all }, agent: false }, (response) => {
          expect(response.headers.connection).toBe('close');
          response.resume().on('end', resolve);
        }).end();
      });
      await server.close();
      expect((await slow).status).toBe(504);
      await expect(send('GET', '/shelf/items')).rejects.toThrow();
    });
  });
}

async function misbehave(how: string, call: Call, onAbort: () => void): Promise<{ ok: boolean }> {
  if (how === 'declared') throw problem(shelf.operations.misbehave, 'declared');
  if (how === 'undeclared') throw problem(shelf.operations.getItem, 'notFound');
  if (how === 'output') return { ok: 'yes' } as never;
  if (how === 'at-once') throw new TypeError('broken');
  call.signal?.addEventListener('abort', onAbort);
  return new Promise(() => {});
}

function memoryStore(): IdempotencyStore {
  const known = new Map<string, { fingerprint: string; response: HttpResponse }>();
  return {
    async once({ key, fingerprint }, work) {
      const found = known.get(key);
      if (found && found.fingerprint !== fingerprint) return 'mismatch';
      if (found) return { response: found.response, replayed: true };
      const response = await work();
      known.set(key, { fingerprint, response });
      return { response, replayed: false };
    },
  };
}
