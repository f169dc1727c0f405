import { camel, entityNameOf, nameOf, pluralOf } from '../blueprint/names.ts';
import type { Blueprint, Deployable, Module } from '../blueprint/schema.ts';
import type { Scope } from './template.ts';

/** The names that a rendered file may use; nothing else of the blueprint reaches it. */
export function contextOf(blueprint: Blueprint, scope: Scope) {
  const modules = blueprint.modules.map((module) => moduleContext(blueprint, module));
  const deployables = blueprint.deployables.map(({ name, path }) => ({ name, path }));
  const common = { system: nameOf(blueprint.name), stack: blueprint.stack, modules, deployables };
  if (scope.per === 'module') return { ...common, module: modules.find(({ name }) => name === scope.module.name)! };
  if (scope.per === 'deployable')
    return {
      ...common,
      deployable: {
        ...nameOf(scope.deployable.name),
        kind: scope.deployable.kind,
        path: scope.deployable.path,
        hosts: modules.filter(({ name }) => scope.deployable.hosts.includes(name)),
        /** Modules that run elsewhere and whose contract the hosted ones import. */
        knows: modules.filter(({ name }) => knownTo(blueprint, scope.deployable).includes(name)),
      },
    };
  return common;
}

function knownTo({ modules }: Blueprint, { hosts }: Deployable): string[] {
  const hosted = modules.filter(({ name }) => hosts.includes(name));
  const known = hosted.flatMap(({ uses, consumes }) => [...uses, ...consumes.map((topic) => topic.split('.')[0]!)]);
  return known.filter((name) => !hosts.includes(name));
}

function moduleContext(blueprint: Blueprint, module: Module) {
  const short = (name: string) => ({ ...nameOf(name), entity: entityNameOf(moduleNamed(blueprint, name).entity) });
  return {
    ...nameOf(module.name),
    path: module.path,
    entity: entityNameOf(module.entity),
    uses: module.uses.map(short),
    consumes: module.consumes.map((topic) => {
      const [owner = '', event = ''] = topic.split('.');
      return { module: short(owner), event: camel(event), topic };
    }),
  };
}

function moduleNamed(blueprint: Blueprint, name: string): Module {
  const module = blueprint.modules.find((candidate) => candidate.name === name);
  if (!module) throw new Error(`The blueprint has no module '${name}'.`);
  return module;
}

/** Values of the placeholders in target paths. */
export function placeholders(blueprint: Blueprint, scope: Scope): Readonly<Record<string, string>> {
  return {
    system: blueprint.name,
    ...(scope.per === 'module'
      ? { module: scope.module.name, entity: scope.module.entity, entities: pluralOf(scope.module.entity) }
      : {}),
    ...(scope.per === 'deployable' ? { deployable: scope.deployable.name } : {}),
  };
}

/** What `FileSet.when` may ask for at a scope. A system-wide condition holds when any deployable or module meets it. */
export function traits(blueprint: Blueprint, scope: Scope): Readonly<Record<string, readonly string[]>> {
  const { stack, delivery, deployables } = blueprint;
  const hosting = deployables.filter(({ hosts }) => hosts.length > 0);
  const processes = hosting.every(({ kind }) => kind === 'server') ? ['in-processes'] : [];
  const common = {
    modules: hosting.length > 1 ? ['apart', ...processes] : ['together'],
    database: [stack.database],
    cache: [stack.cache],
    broker: [stack.broker],
    ci: [delivery.ci],
    deploy: delivery.deploy,
    observability: delivery.observability,
    load: [delivery.load],
  };
  const of = (deployables: readonly Deployable[]) => ({
    kind: deployables.map(({ kind }) => kind),
    framework: deployables.map(({ framework }) => framework),
  });
  if (scope.per === 'module') {
    const uses = scope.module.uses.length > 0 ? ['others'] : [];
    return { ...common, ...of(blueprint.deployables), language: [scope.module.language], uses };
  }
  if (scope.per === 'deployable')
    return { ...common, ...of([scope.deployable]), language: [scope.deployable.language] };
  return { ...common, ...of(blueprint.deployables), language: languagesOf(blueprint) };
}

export const languagesOf = ({ modules, deployables }: Blueprint): readonly string[] => [
  ...new Set([...modules, ...deployables].map(({ language }) => language)),
];
