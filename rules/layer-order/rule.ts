import { z } from 'zod';
import { isJudged } from '../../src/model/judged.ts';
import type { Rule } from '../../src/model/rule.ts';

const options = z.object({
  typeOnly: z.boolean().default(true).describe('Whether imports of types alone count as well.'),
});

/** Sees imports in every form between files of one stack; cannot see what is handed over at run time. */
export const layerOrder: Rule<z.infer<typeof options>> = {
  id: 'layer-order',
  title: 'A layer uses itself and the layers below it',
  why: 'A rule of the business that knows its database or its transport can be neither tested nor moved without them.',
  fix: 'Turn the import around: state in the lower layer what it needs, and let the higher one hand it in.',
  source:
    'ENG: ports and adapters (Cockburn 2005), layers (import-linter, sheriff); B14 for boundaries that nobody checks',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'layer', 'imports'],
  subject: 'layer',
  options,
  *check(system, { typeOnly }) {
    for (const { from: source, to: target, via, confidence, typeOnly: ofTypes } of system.relations('imports')) {
      if (ofTypes && !typeOnly) continue;
      const [from, to] = [source.slice('file:'.length), target.slice('file:'.length)];
      const layers = system.layers(from);
      if (layers.length === 0 || !isJudged(system.node(source))) continue;
      const others = system.layers(to);
      for (const layer of layers) {
        const other = others.find(({ stack, rank }) => stack === layer.stack && rank > layer.rank);
        if (!other) continue;
        yield {
          subject: system.owner(from, 'module')?.id ?? source,
          atoms: [`${system.place(from)}>${system.place(to)}`],
          message: `${from} imports ${to}: ${layer.name} is below ${other.name} (${layer.order.join(' ← ')}).`,
          at: [via[0]!, ...via.slice(1)],
          confidence,
        };
      }
    }
  },
};
