import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Api } from './api.ts';

/** Longest time that a client goes on trying one request, ms. */
const patienceMs = 120_000;

/** Repeats a request until it is accepted, as clients do whose requests are safe to repeat. */
export async function insist(what: string, send: () => Promise<Answer>, accepted: number): Promise<Answer> {
  const deadline = Date.now() + patienceMs;
  let last: unknown;
  while (Date.now() < deadline) {
    const answer = await send().catch((error: Error) => error);
    if (!(answer instanceof Error) && answer.status === accepted) return answer;
    last = answer instanceof Error ? answer : `${answer.status} ${JSON.stringify(answer.body)}`;
    await sleep(50);
  }
  throw new Error(`${what}: not accepted in ${patienceMs} ms, last ${last}`);
}

/** Clients that work until they are told to stop; `one` resolves when its work was accepted. */
export function load(clients: number, one: () => Promise<unknown>) {
  let loading = true;
  let accepted = 0;
  const all = Promise.all(
    Array.from({ length: clients }, async () => {
      while (loading) {
        await one();
        accepted += 1;
      }
    }),
  );
  all.catch(() => {});
  return {
    accepted: () => accepted,
    async stop(): Promise<number> {
      loading = false;
      await all;
      return accepted;
    },
  };
}

/**
 * Creates an order and places it, once each, whatever happens on the way. Where a crash lost the answer, the client
 * looks for its order by its name.
 */
export async function order(api: Api, collection: string, body: object): Promise<string> {
  const key = randomUUID();
  const headers = { 'idempotency-key': key };
  const create = async () => {
    const answer = await api.post(collection, { ...body, name: key }, headers);
    return answer.body?.type === 'urn:problem:platform:idempotency-answer-lost' ? { ...answer, status: 201 } : answer;
  };
  const { body: made } = await insist('an order', create, 201);
  const id = made.id ?? (await found(api, collection, key));
  await insist('its placement', () => api.put(`${collection}/${id}/placement`, {}), 202);
  return id;
}

async function found(api: Api, collection: string, name: string): Promise<string> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `${collection}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const { body } = await insist('a page', () => api.get(path), 200);
    const one = body.items.find((item: { name: string }) => item.name === name);
    if (one) return one.id;
    cursor = body.nextCursor;
  }
  throw new Error(`the order ${name} was carried out, and is not there`);
}
