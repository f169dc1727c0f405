import { z } from 'zod';
import type { Rule } from '../../src/model/rule.ts';
import type { Evidence, System, SystemNode } from '../../src/model/system.ts';

/** Sees routes that are named like health checks, compose and Dockerfile checks; cannot see those of a load balancer. */
export const noHealthCheck: Rule = {
  id: 'no-health-check',
  title: 'A running thing says whether it is well',
  why: 'Without a health check nobody restarts a copy that hangs, and traffic goes to copies that cannot answer.',
  fix: 'Answer /livez and /readyz, and check one of them in the Dockerfile, in compose or in a probe.',
  source: 'P03 no health check (MARS, DAMP, CIM, kube-linter, kube-score)',
  severity: 'warning',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'hosts', 'process', 'image', 'probe', 'entry'],
  subject: 'deployable',
  options: z.unknown(),
  *check(system) {
    const everywhere = ['production', 'generated'];
    const probes = [...system.facts('probe', everywhere)];
    for (const deployable of system.nodes('deployable')) {
      if (deployable.roles.includes('functions') || deployable.roles.includes('migration')) continue;
      const running = evidenceOf(system, deployable);
      if (!running) continue;
      const processes = deployable.processes ?? [];
      const modules = new Set(system.relations('hosts', { from: deployable.id }).map(({ to }) => to));
      const healthy = probes.some(({ fact, path }) => {
        if (fact.of !== undefined) return processes.includes(fact.of);
        const [owner, module] = [system.owner(path, 'deployable'), system.owner(path, 'module')];
        if (owner || module) return owner?.id === deployable.id || (module !== undefined && modules.has(module.id));
        // A library that answers for whoever runs it.
        return true;
      });
      if (healthy) continue;
      yield {
        subject: deployable.id,
        atoms: [deployable.id],
        message: `${deployable.name} has no health check: no route, no HEALTHCHECK, no probe.`,
        at: [running],
        confidence: 'likely',
      };
    }
  },
};

/** Where a deployable is seen to run: in deployment, in its image, or where its code starts to serve. */
function evidenceOf(system: System, deployable: SystemNode): Evidence | undefined {
  const own = [...system.facts('process', ['production', 'generated'])].filter(({ fact }) =>
    deployable.processes?.includes(fact.name),
  );
  // Where it is built says more than a file that only adds a setting to it.
  const process = own.find(({ fact }) => fact.dockerfile ?? fact.image) ?? own[0];
  if (process) return { path: process.path, span: process.fact.span };
  for (const kind of ['image', 'entry'] as const) {
    for (const { fact, path } of system.facts(kind, ['production', 'generated'])) {
      if (system.owner(path, 'deployable')?.id !== deployable.id) continue;
      if (fact.kind === 'image' || (fact.kind === 'entry' && fact.on === 'start')) return { path, span: fact.span };
    }
  }
  return undefined;
}
