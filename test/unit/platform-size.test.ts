import { describe, expect, it } from 'vitest';
import { blueprintOf, combinations, graphs, planOf } from '../support/blueprints.ts';

/** Lines, in any combination of choices: docs/adr/0106. */
const budget = { production: 5_400, tests: 2_000, file: 400 };

const isTest = (path: string) => /\.test\.ts$|\/testing\.ts$|\.conformance\.ts$/.test(path);
function platformOf(combination: (typeof combinations)[number]) {
  return planOf(blueprintOf(combination, graphs[1]!))
    .filter(({ path }) => /^packages\/platform\/src\/.*\.(ts|mjs)$/.test(path))
    .map(({ path, content }) => ({ path, lines: String(content).split('\n').length - 1 }));
}
const sum = (files: ReturnType<typeof platformOf>) => files.reduce((all, { lines }) => all + lines, 0);

describe('the platform that a system owns can be read', () => {
  it('all of it, with whatever was chosen', { timeout: 60_000 }, () => {
    for (const combination of combinations) {
      const files = platformOf(combination);
      expect(files.length).toBeGreaterThan(40);
      expect(sum(files.filter(({ path }) => !isTest(path))), combination.title).toBeLessThanOrEqual(budget.production);
      expect(sum(files.filter(({ path }) => isTest(path))), combination.title).toBeLessThanOrEqual(budget.tests);
      expect(
        files.filter(({ lines }) => lines > budget.file),
        combination.title,
      ).toEqual([]);
    }
  });
});
