import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createServiceTokens } from '../auth/service.ts';
import { defineContract, isProblem, operation, Type } from '../contract.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { remoteClient } from './remote.ts';

const stock = defineContract('stock', {
  operations: {
    getItem: operation({
      method: 'GET',
      path: '/items/{id}',
      summary: 'Get.',
      scope: 'stock:read',
      input: Type.Object({ id: Type.String() }),
      output: Type.Object({ id: Type.String() }),
      errors: { notFound: 404 },
    }),
    addItem: operation({
      method: 'POST',
      path: '/items',
      summary: 'Add.',
      scope: 'stock:write',
      input: Type.Object({ id: Type.String() }),
      output: Type.Object({ id: Type.String() }),
      idempotent: true,
    }),
  },
});
const tokens = createServiceTokens({ system: 'shop', name: 'orders', secrets: ['0123456789abcdef0123456789abcdef'] });
const metrics = createMetrics();
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A module elsewhere that answers like this. */
async function elsewhere(answer: RequestListener, timeoutMs = 200) {
  const made = createServer(answer).listen(0, '127.0.0.1');
  server = made;
  await new Promise((resolve) => made.once('listening', resolve));
  const { port } = made.address() as AddressInfo;
  return remoteClient(stock, { url: `http://127.0.0.1:${port}`, tokens, timeoutMs, metrics });
}
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as { code: string; status: number },
  );
const json = { 'content-type': 'application/json' };
const item = JSON.stringify({ id: 'a' });

it('sends the input, who calls and how long it waits, and gives the output', async () => {
  let seen: { url?: string | undefined; deadline: number; body: string } | undefined;
  const client = await elsewhere(async (request, response) => {
    const body = (await request.toArray()).join('');
    const principal = await tokens.verify(request.headers.authorization);
    seen = { url: request.url, deadline: Number(request.headers['x-deadline-ms']), body };
    response.writeHead(200, json).end(JSON.stringify({ id: principal?.subject }));
  });
  const principal = { subject: 'me', scopes: new Set(['stock:read']) };
  expect(await client.getItem({ id: 'a' }, { principal, deadline: performance.now() + 100 })).toEqual({ id: 'me' });
  expect(seen).toMatchObject({ url: '/stock/getItem', body: item });
  expect(seen?.deadline).toBeLessThanOrEqual(100);
});

it('throws the problems of the contract as they were thrown there, at once', async () => {
  let calls = 0;
  const client = await elsewhere((_, response) => {
    calls += 1;
    response.writeHead(404, json).end(JSON.stringify({ type: 'urn:problem:stock:not-found', status: 404 }));
  });
  for (let time = 0; time < 10; time += 1) {
    const error = await failure(client.getItem({ id: 'a' }));
    expect(isProblem(error, stock.operations.getItem, 'notFound')).toBe(true);
  }
  expect(calls).toBe(10);
});

it('tries again what may be repeated, and nothing else', async () => {
  let calls = 0;
  const client = await elsewhere((_, response) => {
    calls += 1;
    if (calls % 2 === 1) response.destroy();
    else response.writeHead(200, json).end(item);
  });
  expect(await client.getItem({ id: 'a' })).toEqual({ id: 'a' });
  expect(await failure(client.addItem({ id: 'a' }))).toMatchObject({ code: 'platform:unavailable', status: 503 });
  expect(calls).toBe(3);
});

it('keeps retries within a tenth of the calls', async () => {
  let calls = 0;
  const client = await elsewhere((_, response) => {
    calls += 1;
    // Never five failures in a row, so that the circuit stays closed.
    if (calls % 4 === 0) response.writeHead(200, json).end(item);
    else response.writeHead(503, json).end('{"type":"urn:problem:platform:unavailable"}');
  });
  const given = 200;
  for (let time = 0; time < given; time += 1) await failure(client.getItem({ id: 'a' }));
  expect(calls - given).toBeLessThanOrEqual(10 + given / 10);
  expect(calls - given).toBeGreaterThan(10);
});

it('is fast while the other side is slow, and recovers without help', async () => {
  let slow = true;
  let calls = 0;
  const client = await elsewhere((_, response) => {
    calls += 1;
    if (!slow) response.writeHead(200, json).end(item);
  }, 50);
  for (let time = 0; time < 5; time += 1) await failure(client.addItem({ id: 'a' }));
  const before = calls;
  const start = performance.now();
  expect(await failure(client.addItem({ id: 'a' }))).toMatchObject({ code: 'platform:unavailable' });
  expect(performance.now() - start).toBeLessThan(40);
  expect(calls).toBe(before);
  slow = false;
  await expect
    .poll(() => client.addItem({ id: 'a' }).catch(() => undefined), { timeout: 15_000, interval: 50 })
    .toEqual({ id: 'a' });
});

it('gives up at the deadline of its caller', async () => {
  const client = await elsewhere(() => {}, 10_000);
  const start = performance.now();
  const error = await failure(client.getItem({ id: 'a' }, { deadline: start + 60 }));
  expect(error).toMatchObject({ code: 'platform:timeout', status: 504 });
  expect(performance.now() - start).toBeLessThan(1_000);
});

it('lets only this system in, with the old secret too while it is replaced', async () => {
  const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
  const of = (...secrets: string[]) => createServiceTokens({ system: 'shop', name: 'a', secrets });
  expect(await of(next, old).verify(await of(old).sign(undefined))).toBeUndefined();
  for (const refused of [undefined, 'Bearer x.y.z', await of(old).sign(undefined)])
    await expect(of(next).verify(refused)).rejects.toMatchObject({ status: 401 });
  const foreign = createServiceTokens({ system: 'other', name: 'a', secrets: [next] });
  await expect(of(next).verify(await foreign.sign(undefined))).rejects.toMatchObject({ status: 401 });
});
