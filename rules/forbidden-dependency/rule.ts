import { z } from 'zod';
import { type BoundaryTarget, crosses } from '../../src/model/boundary.ts';
import { isJudged } from '../../src/model/judged.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Confidence, Evidence, System } from '../../src/model/system.ts';

const options = z.object({
  typeOnly: z.boolean().default(true).describe('Whether imports of types alone count as well.'),
});
interface Step {
  readonly from: string;
  readonly to: BoundaryTarget;
  readonly does: string;
  readonly at: readonly [Evidence, ...Evidence[]];
  readonly confidence: Confidence;
}

/** Sees imports in every form, packages by their names, and calls whose address is known; cannot see an address made at run time. */
export const forbiddenDependency: Rule<z.infer<typeof options>> = {
  id: 'forbidden-dependency',
  title: 'Stated boundaries are kept',
  why: 'A boundary that holds in a document only is crossed within weeks, and each crossing makes the next one cheaper.',
  fix: 'Go the way that the reason names, or change the boundary together with those who stated it.',
  source: 'B14 undeclared dependency edge (packwerk, tach, import-linter, dependency-cruiser)',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'boundary', 'imports', 'import', 'calls'],
  subject: 'boundary',
  options,
  *check(system, { typeOnly }) {
    const boundaries = system.boundaries('boundary');
    for (const { from, to, does, at, confidence } of steps(system, typeOnly)) {
      for (const boundary of boundaries) {
        const captures = boundary.from(from);
        if (!captures || !crosses(boundary, captures, to)) continue;
        const { verb, about, to: side, reason } = boundary;
        const but = verb === 'forbid' ? `forbidden to ${about}` : `not among what ${about} may use (${side.text})`;
        yield {
          subject: (system.owner(from, 'module') ?? system.owner(from, 'deployable'))?.id ?? `file:${from}`,
          atoms: [`${system.place(from)}>${'path' in to ? system.place(to.path) : nameOf(to)}`],
          message: `${from} ${does} ${nameOf(to)}, which is ${but}: ${reason}`,
          at,
          confidence,
        };
      }
    }
  },
};

function* steps(system: System, typeOnly: boolean): Iterable<Step> {
  for (const { from, to, via, confidence, typeOnly: ofTypes } of system.relations('imports')) {
    if (ofTypes && !typeOnly) continue;
    if (!isJudged(system.node(from))) continue;
    const path = to.slice('file:'.length);
    const at = [via[0]!, ...via.slice(1)] as const;
    yield { from: from.slice('file:'.length), to: { path }, does: 'imports', at, confidence };
  }
  for (const { path, spec, span, typeOnly: ofTypes } of system.outside()) {
    if (ofTypes && !typeOnly) continue;
    yield { from: path, to: { package: spec }, does: 'imports', at: [{ path, span }], confidence: 'certain' };
  }
  for (const { to, via, confidence } of system.relations('calls')) {
    const [first, ...more] = via;
    if (!first || !to.startsWith('deployable:')) continue;
    const deployable = to.slice('deployable:'.length);
    yield { from: first.path, to: { deployable }, does: 'calls', at: [first, ...more], confidence };
  }
}
const nameOf = (target: BoundaryTarget): string =>
  'path' in target ? target.path : 'package' in target ? target.package : target.deployable;
