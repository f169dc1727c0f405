import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blobId } from '../../src/write/blob.ts';
import { printLock } from '../../src/write/lock.ts';
import {
  blueprintOf,
  type Combination,
  combinations,
  graphs,
  monoliths,
  pairwise,
  plannedAnew,
  planOf,
  possible,
  unusual,
} from '../support/blueprints.ts';
import { digest } from '../support/digest.ts';

const root = join(import.meta.dirname, '../..');

it('the combinations meet every two choices that go together, and every surrounding of a monolith', () => {
  const pairs = (all: readonly Combination[]) =>
    new Set(
      all.flatMap(({ choices }) => {
        const cells = Object.entries(choices).map(String);
        return cells.flatMap((a) => cells.map((b) => `${a} ${b}`));
      }),
    );
  expect(pairs(pairwise)).toEqual(pairs(possible));
  expect(monoliths.length).toBeGreaterThanOrEqual(40);
  expect(new Set(combinations.map(({ title }) => title)).size).toBe(combinations.length);
  expect(pairwise.length).toBeLessThan(possible.length / 4);
});

it.each(graphs)('the same blueprint gives the same bytes: $id', (graph) => {
  for (const combination of combinations) {
    const blueprint = blueprintOf(combination, graph);
    const [first, second] = [planOf(blueprint), plannedAnew(blueprint)];
    expect(second).toEqual(first);
    const paths = first.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)].sort());
  }
});

it('on another machine as well: zone, language, folder, user mask and key order do not matter', () => {
  const script = `import { digest } from ${JSON.stringify(join(root, 'test/support/digest.ts'))}; process.umask(0o077); console.log(digest());`;
  const elsewhere = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: '/',
    env: { PATH: process.env.PATH, TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', COLUMNS: '20' },
    encoding: 'utf8',
  });
  expect(elsewhere.trim()).toBe(digest());
});

it('text has LF, ends with a line end, and no path leaves the system', () => {
  for (const graph of [...graphs, ...unusual])
    for (const { path, content } of planOf(blueprintOf(combinations.at(-1)!, graph))) {
      expect(path).not.toMatch(/^\/|\\|(^|\/)\.\.?(\/|$)|\.hbs$|[{}]/);
      if (typeof content !== 'string') continue;
      expect(content.includes('\r'), path).toBe(false);
      if (content !== '') expect(content.endsWith('\n'), path).toBe(true);
    }
});

it('the lock of a plan is a function of it', () => {
  const blueprint = blueprintOf(combinations.at(-1)!, graphs[0]!);
  const print = () =>
    printLock({
      version: 1,
      generator: '0.1.0',
      blueprint,
      files: Object.fromEntries(
        plannedAnew(blueprint).map(({ path, owner, from, content }) => [
          path,
          { owner, from, blob: typeof content === 'string' ? blobId(content) : '' },
        ]),
      ),
    });
  expect(print()).toBe(print());
});
