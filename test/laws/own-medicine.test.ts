import { describe, expect, it } from 'vitest';
import { blueprintOf, combinations, graphs, planOf, unusual } from '../support/blueprints.ts';
import { lintOf, workspaceOf } from '../support/lint.ts';

async function clean(blueprint: ReturnType<typeof blueprintOf>, title: string) {
  const plan = planOf(blueprint);
  const report = await lintOf(workspaceOf(plan));
  expect(report.findings, title).toEqual([]);
  // What a bundler's output or a chosen driver is loaded by is only known when the program runs; that is told, and no gap else.
  const computed = report.coverage.gaps.filter(({ why }) => why === 'computed');
  expect(report.coverage.gaps, title).toEqual(computed);
  expect(report.problems, title).toEqual([]);
  expect(report.exitCode, title).toBe(0);
  const { files, imports, rules } = report.coverage;
  expect(files.parsed, title).toBe(files.read);
  expect(imports.resolved + computed.length, title).toBe(imports.seen);
  // A system without any address in its code has no subject for that rule, and should not get one: only the script that
  // runs several deployables on one machine asks that machine.
  const addresses = plan.some(({ path }) => path === 'dev/split.ts');
  const idle = rules.filter(({ subjects }) => subjects === 0).map(({ rule }) => rule.id);
  // Boundaries beyond layers are the owner's to state.
  const unstated = ['forbidden-dependency', 'forbidden-reach'];
  expect(idle, title).toEqual(addresses ? unstated : [...unstated, 'hard-coded-endpoint']);
}

describe('law 2: lint(plan(b)) finds nothing and leaves nothing unchecked', () => {
  for (const graph of graphs) {
    it(`${graph.id}, every combination of choices`, async () => {
      for (const combination of combinations) await clean(blueprintOf(combination, graph), combination.title);
    });
  }
  it.each(unusual)('names: $id', async (graph) => clean(blueprintOf(combinations[0]!, graph, graph.name), graph.id));
});
