import { expect, test } from 'vitest';
import { scaffolds } from './scaffolds.ts';

test.each([
  ['rule', ['no-sleeping-consumer'], 'rules/no-sleeping-consumer/rule.ts', 'export const noSleepingConsumer: Rule<'],
  ['template', ['cache', 'memcached'], 'templates/cache/memcached/template.ts', 'export const memcached: Template ='],
  ['recogniser', ['python', 'httpx'], 'src/extract/python/httpx.ts', 'export const httpx: Recogniser ='],
])('%s: a member of its catalogue by shape', (kind, names, path, declaration) => {
  const scaffold = scaffolds[kind];
  expect(scaffold?.takes).toHaveLength(names.length);
  expect(scaffold?.files(names)[path]).toContain(declaration);
});
