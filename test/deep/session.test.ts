import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { randomEdits } from '../../bench/support/edits.ts';
import { system, writeTree } from '../../bench/support/tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a session says after each of many random edits what a fresh run says', { timeout: 120_000 }, async () => {
  writeTree(folder, system(4, 6));
  expect(await randomEdits(folder, 4, 6, 150, 7)).toEqual([]);
});
