import type { FileFacts, Path } from '../../model/facts.ts';
import type { DeployableInfo, Inventory } from '../discover/inventory.ts';
import type { Setting } from '../link/values.ts';

/** What deployment sets each variable to, per deployable: compose `environment`, then its `env_file`s. */
export function settingsOf(
  files: ReadonlyMap<Path, FileFacts>,
  inventory: Inventory,
): (deployable: DeployableInfo | undefined, name: string) => readonly Setting[] {
  const byScope = new Map<string, Map<string, Setting[]>>();
  for (const [path, { facts }] of files) {
    for (const fact of facts) {
      if (fact.kind !== 'env-set') continue;
      const scope = byScope.get(fact.scope) ?? new Map<string, Setting[]>();
      scope.set(fact.name, [...(scope.get(fact.name) ?? []), { value: fact.value, evidence: { path, span: fact.span } }]);
      byScope.set(fact.scope, scope);
    }
  }
  const envFiles = new Map(inventory.processes.map(({ fact }) => [fact.name, fact.envFiles ?? []]));
  return (deployable, name) => {
    if (!deployable) return [];
    const scopes = deployable.processes.flatMap((process) => [process, ...(envFiles.get(process) ?? [])]);
    return scopes.flatMap((scope) => byScope.get(scope)?.get(name) ?? []);
  };
}
