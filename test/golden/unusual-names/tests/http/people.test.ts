import { peopleContract as contract } from '@news-desk/people/contract';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { system } from '../system.ts';
import { collection, input } from './examples/people.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  contract,
  collection,
  input,
});

it('refuses an unknown news', async () => {
  const { api } = await system();
  const wrong = { ...(await input(api)), newsId: randomUUID() };
  const { status, body } = await api.post(collection, wrong);
  expect(status).toBe(422);
  expect(body.type).toContain('urn:problem:people:unknown-');
  expect(body.errors).toMatchObject([{ pointer: '#/newsId' }]);
});
