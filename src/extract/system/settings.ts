import type { Fact, Path } from '../../model/facts.ts';
import type { DeployableInfo, Inventory } from '../discover/inventory.ts';
import type { Setting } from '../link/values.ts';

const none: ReadonlyMap<string, Setting> = new Map();

/**
 * What deployment sets each variable to, per deployable: what compose sets for its processes, then their `env_file`s,
 * then what their Dockerfile sets.
 * Of several processes from one codebase the first one that sets a variable counts.
 */
export function settingsOf(
  sets: Iterable<{ readonly fact: Fact<'env-set'>; readonly path: Path }>,
  inventory: Inventory,
): (deployable: DeployableInfo | undefined) => ReadonlyMap<string, Setting> {
  const byScope = new Map<string, Map<string, Setting>>();
  for (const { fact, path } of sets) {
    const scope = byScope.get(fact.scope) ?? new Map<string, Setting>();
    if (!scope.has(fact.name)) scope.set(fact.name, { value: fact.value, evidence: { path, span: fact.span } });
    byScope.set(fact.scope, scope);
  }
  const further = new Map(
    inventory.processes.map(({ fact }) => [
      fact.name,
      [...(fact.envFiles ?? []), ...(fact.dockerfile ? [fact.dockerfile] : [])],
    ]),
  );
  const cache = new Map<string, ReadonlyMap<string, Setting>>();
  return (deployable) => {
    if (!deployable) return none;
    const known = cache.get(deployable.name);
    if (known) return known;
    const own = deployable.processes.flatMap((process) => [process, ...(further.get(process) ?? [])]);
    const scopes = [...own, deployable.path === '' ? 'Dockerfile' : `${deployable.path}/Dockerfile`];
    const all = new Map(scopes.reverse().flatMap((scope) => [...(byScope.get(scope) ?? [])]));
    cache.set(deployable.name, all);
    return all;
  };
}
