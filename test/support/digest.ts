import { createHash } from 'node:crypto';
import { blueprintOf, graphs, pairwise, planOf } from './blueprints.ts';

/** One digest of the plans of the pairwise combinations on every graph. */
export function digest(): string {
  const hash = createHash('sha256');
  const chosen = pairwise;
  for (const graph of graphs)
    for (const combination of chosen)
      for (const { path, content, owner, from } of planOf(blueprintOf(combination, graph)))
        hash.update(JSON.stringify([path, owner, from, content]));
  return hash.digest('hex');
}
