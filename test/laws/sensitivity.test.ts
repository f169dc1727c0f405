import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/catalogue.gen.ts';
import { blueprintOf, graphs, monoliths, planOf } from '../support/blueprints.ts';
import { lintOf, placeOf, workspaceOf } from '../support/lint.ts';
import { injections, type Target } from './injections.ts';

const full = monoliths.find(({ choices }) => choices.cache === 'redis' && choices.deploy.includes('compose'))!;
const bare = monoliths.find(({ choices }) => choices.cache === 'memory' && choices.deploy.includes('compose'))!;
const decoder = new TextDecoder();

describe.each([
  ['chain', graphs[1]!, full],
  ['diamond', graphs[2]!, bare],
] as const)(
  'law 4: an injected violation raises its rule, where it is, and nothing else (%s)',
  (_, graph, combination) => {
    const blueprint = blueprintOf(combination, graph);
    const workspace = workspaceOf(planOf(blueprint));
    const user = blueprint.modules.find(({ uses }) => uses.length > 0)!;
    const target: Target = {
      a: user.uses[0]!,
      b: user.name,
      scope: blueprint.name,
      text: (path) => decoder.decode(workspace.read(path)),
    };
    const all = injections(target);

    it.each(all.map((each) => [`${each.rule}: ${each.form}`, each] as const))(
      '%s',
      async (_title, { rule, also, at, changes }) => {
        const report = await lintOf(workspace, changes);
        const raised = new Set(report.findings.map((finding) => finding.rule));
        expect([...raised].sort()).toEqual([rule, ...(also ?? [])].sort());
        const index = report.findings.findIndex((finding) => finding.rule === rule);
        expect(placeOf(report, index).startsWith(`${at.path}: `)).toBe(true);
        expect(placeOf(report, index)).toContain(at.code);
        expect(report.exitCode).toBe(1);
        expect(report.coverage.gaps).toEqual([]);
      },
    );

    it('covers every rule', () => {
      expect(new Set(all.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ id }) => id)));
    });
  },
);
