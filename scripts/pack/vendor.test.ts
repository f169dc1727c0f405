import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { exportsOf } from './vendor.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('what a CommonJS package exports does not depend on who asks: a test runner loads it in another way', async () => {
  const found = new Map(await exportsOf(root, ['fastest-levenshtein', 'zod']));
  expect(found.get('fastest-levenshtein')).toEqual(expect.arrayContaining(['closest', 'default', 'distance']));
  expect(found.get('zod')).toEqual(expect.arrayContaining(['default', 'z']));
});
