import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { system } from '../system.ts';
import { collection, input } from './examples/a1-b2.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  module: 'a1-b2',
  entity: 'box',
  collection,
  input,
});

it('refuses an unknown person', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), personId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toBe('urn:problem:a1-b2:unknown-person');
  expect(body.errors).toMatchObject([{ pointer: '#/personId' }]);
});

it('refuses an unknown news', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), newsId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toBe('urn:problem:a1-b2:unknown-news');
  expect(body.errors).toMatchObject([{ pointer: '#/newsId' }]);
});
