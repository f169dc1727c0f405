import { z } from 'zod';
import { isJudged } from '../../src/model/judged.ts';
import type { Rule } from '../../src/model/rule.ts';

const options = z.object({
  typeOnly: z.boolean().default(true).describe('Whether imports of types alone count as well.'),
});

/** Sees imports in every form; cannot see an access by reflection or a path built at run time. */
export const moduleBoundary: Rule<z.infer<typeof options>> = {
  id: 'module-boundary',
  title: 'A module is entered through its contract',
  why: 'Code that reaches into the insides of another module cannot be moved out, changed or scaled on its own.',
  fix: 'Import the contract of the other module, or add what is missing to that contract.',
  source:
    'B14 module boundary violation (sheriff, packwerk, tach, spring-modulith); B06 inappropriate service intimacy (NOSE, TL18)',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'imports'],
  subject: 'module',
  options,
  *check(system, { typeOnly }) {
    for (const edge of system.relations('imports')) {
      if (edge.typeOnly && !typeOnly) continue;
      const source = system.node(edge.from);
      if (!isJudged(source)) continue;
      const from = source.name;
      const to = system.node(edge.to).name;
      const target = system.owner(to, 'module');
      const owner = system.owner(from, 'module') ?? system.owner(from, 'deployable');
      if (!target || owner?.id === target.id) continue;
      if (system.visible(to, owner?.id ?? edge.from)) continue;
      yield {
        subject: owner?.id ?? edge.from,
        atoms: [`${system.place(from)}>${system.place(to)}`],
        message: `${from} imports ${to}, which is private to ${target.name}.`,
        at: [edge.via[0]!, ...edge.via.slice(1)],
        confidence: edge.confidence,
      };
    }
  },
};
