import { z } from 'zod';
import { isJudged } from '../../src/model/judged.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Evidence, NodeId, SystemNode } from '../../src/model/system.ts';

/** Sees imports in every form, consumed events and hosted modules; cannot see a call whose address is made at run time. */
export const undeclaredDependency: Rule = {
  id: 'undeclared-dependency',
  title: 'Dependencies are declared',
  why: 'A dependency that nobody declared is one that nobody decided: it appears in no plan when a module moves out.',
  fix: 'Declare it (uses, consumes or hosts in architecture.yaml; dependencies in package.json), or remove the import.',
  source: 'B14 undeclared dependency edge (packwerk, tach, spring-modulith)',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'topic', 'imports', 'hosts', 'consumes', 'depends-on'],
  subject: 'module',
  options: z.unknown(),
  *check(system) {
    const found = new Map<string, { from: SystemNode; to: SystemNode; at: Evidence[]; what: string }>();
    const add = (fromId: NodeId, toId: NodeId, via: readonly Evidence[], what: string) => {
      if (system.declared(fromId, toId)) return;
      const [from, to] = [system.node(fromId), system.node(toId)];
      const known = found.get(`${fromId}>${toId}`);
      if (known) known.at.push(...via);
      else found.set(`${fromId}>${toId}`, { from, to, at: [...via], what });
    };
    for (const edge of system.relations('imports')) {
      if (!isJudged(system.node(edge.from))) continue;
      const from = system.owner(edge.from.slice('file:'.length), 'module');
      const to = system.owner(edge.to.slice('file:'.length), 'module');
      if (from && to) add(from.id, to.id, edge.via, 'depends on');
    }
    for (const edge of system.relations('depends-on')) {
      if (edge.from.startsWith('module:') && edge.to.startsWith('module:'))
        add(edge.from, edge.to, edge.via, 'depends on');
    }
    for (const edge of system.relations('consumes')) {
      if (edge.from.startsWith('module:')) add(edge.from, edge.to, edge.via, 'consumes');
    }
    for (const edge of system.relations('hosts')) add(edge.from, edge.to, edge.via, 'hosts');
    for (const { from, to, at, what } of found.values()) {
      const [first, ...others] = at;
      if (!first) continue;
      yield {
        subject: from.id,
        atoms: [`${from.name}>${to.name}`],
        message: `${from.name} ${what} ${to.name}, which is not declared.`,
        at: [first, ...others.slice(0, 4)],
        confidence: 'certain',
      };
    }
  },
};
