import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { system } from '../system.ts';
import { collection, input } from './examples/people.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  module: 'people',
  entity: 'person',
  collection,
  input,
});

it('refuses an unknown news', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), newsId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toBe('urn:problem:people:unknown-news');
  expect(body.errors).toMatchObject([{ pointer: '#/newsId' }]);
});
