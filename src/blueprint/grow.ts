import { KnownError } from '../model/known-error.ts';
import { checkModules, checkName, inDependencyOrder, requireModule } from './expand.ts';
import { defaultEntity } from './names.ts';
import { closest } from './nearest.ts';
import { reservedDeployable } from './reserved.ts';
import type { Blueprint, Deployable, Module } from './schema.ts';
import { defaultBroker, type Placement } from './styles.ts';

/** A blueprint with more in it, and what else had to change for that, each as one sentence. */
export interface Grown {
  readonly blueprint: Blueprint;
  readonly notes: readonly string[];
}
export interface NewModule {
  readonly name: string;
  readonly entity?: string | undefined;
  readonly uses: readonly string[];
  /** `service`, `functions`, or a deployable; absent: where the system would put it. */
  readonly place?: string | undefined;
}

export function addModule(blueprint: Blueprint, { name, entity, uses, place }: NewModule): Grown {
  checkName(name, 'a module');
  if (entity !== undefined) checkName(entity, `the entity of ${name}`);
  const names = blueprint.modules.map((module) => module.name);
  if (names.includes(name))
    throw new KnownError(`${blueprint.name} has a module '${name}' already.`, {
      next: `Choose another name, or add to it: create-scalable-backend add operation ${name} <operation>`,
    });
  for (const used of uses) {
    if (used === name) throw new KnownError(`${name} cannot use itself.`, { next: 'Leave it out of --uses.' });
    requireModule(used, names, '--uses');
  }
  const entities = new Map(blueprint.modules.map((module) => [module.name, module.entity]));
  const module: Module = {
    name,
    path: `modules/${name}`,
    entity: entity ?? defaultEntity(name),
    language: blueprint.stack.language,
    uses,
    consumes: uses.map((used) => `${used}.${entities.get(used)}-deleted`),
  };
  const modules = [...blueprint.modules, module];
  checkModules(modules);
  const placed = placeModule(blueprint, name, place ?? usualPlace(blueprint));
  return settled(blueprint, { ...blueprint, modules: inDependencyOrder(modules), deployables: placed });
}

export interface NewDeployable {
  readonly name: string;
  readonly kind: Deployable['kind'];
  readonly hosts: readonly string[];
}
/** A deployable that hosts modules which another one hosted before; one that then hosts nothing goes. */
export function addDeployable(blueprint: Blueprint, { name, kind, hosts }: NewDeployable): Grown {
  checkName(name, 'a deployable');
  const taken = reservedDeployable(name, kind);
  if (taken) throw new KnownError(`'${name}' cannot name a deployable: ${taken}.`, { next: 'Choose another name.' });
  if (blueprint.deployables.some((one) => one.name === name))
    throw new KnownError(`${blueprint.name} has a deployable '${name}' already.`, {
      next: 'Choose another name, or change its `hosts` in architecture.yaml and run create-scalable-backend . again.',
    });
  const names = blueprint.modules.map((module) => module.name);
  for (const host of hosts) requireModule(host, names, '--hosts');
  const before = blueprint.deployables.map((one) => ({
    ...one,
    hosts: one.hosts.filter((host) => !hosts.includes(host)),
  }));
  const emptied = before.filter(
    (one, index) => one.hosts.length === 0 && blueprint.deployables[index]!.hosts.length > 0,
  );
  const rest = before.filter((one) => !emptied.includes(one));
  const made = [...rest, deployableOf(blueprint, name, kind, hosts)];
  const { notes, ...grown } = settled(blueprint, { ...blueprint, deployables: inOrder(made) });
  return {
    ...grown,
    notes: [...emptied.map((one) => `${one.name} is gone: every module that it hosted is in ${name} now.`), ...notes],
  };
}

/** `module` reacts to `topic`. */
export function addConsumer(blueprint: Blueprint, name: string, topic: string): Blueprint {
  const modules = blueprint.modules.map((module) =>
    module.name === name && !module.consumes.includes(topic)
      ? { ...module, consumes: [...module.consumes, topic] }
      : module,
  );
  return { ...blueprint, modules };
}

const hosting = ({ hosts }: Deployable) => hosts.length > 0;
const deployableOf = (
  { stack }: Blueprint,
  name: string,
  kind: Deployable['kind'],
  hosts: readonly string[],
): Deployable => ({
  name,
  kind,
  path: `deployables/${name}`,
  language: stack.language,
  framework: stack.framework,
  hosts,
  public: kind === 'gateway',
});
/** Gateways last, as every style has them. */
const inOrder = (all: readonly Deployable[]) => all.toSorted((a, b) => Number(!hosting(a)) - Number(!hosting(b)));

/** Where the style that the system has would put one more module: in its only host, or alone as most are. */
function usualPlace({ deployables }: Blueprint): string {
  const hosts = deployables.filter(hosting);
  const shared = hosts.find(({ name, hosts: [first, ...more] }) => more.length > 0 || first !== name);
  if (shared) return shared.name;
  return hosts.length > 0 && hosts.every(({ kind }) => kind === 'functions') ? 'functions' : 'service';
}

function placeModule(blueprint: Blueprint, name: string, asked: string): Deployable[] {
  const { deployables } = blueprint;
  const place = asked === 'monolith' ? (shared(deployables)?.name ?? 'api') : asked;
  const home = deployables.find((one) => one.name === place);
  if (home) {
    if (home.kind === 'gateway')
      throw new KnownError(`${home.name} is a gateway, which hosts no module.`, {
        next: `Use --place service, or one of: ${deployables
          .filter(hosting)
          .map((one) => one.name)
          .join(', ')}.`,
      });
    return deployables.map((one) => (one === home ? { ...one, hosts: [...one.hosts, name] } : one));
  }
  const alone: Partial<Record<string, Deployable['kind']>> = { service: 'server', functions: 'functions' };
  const kind = alone[place];
  if (kind) {
    if (deployables.some((one) => one.name === name))
      throw new KnownError(`--place ${place} would make the deployable '${name}', which is there already.`, {
        next: `Use --place ${name} to host it there, or name the module differently.`,
      });
    return inOrder([...deployables, deployableOf(blueprint, name, kind, [name])]);
  }
  if (place === 'api') return inOrder([...deployables, deployableOf(blueprint, 'api', 'server', [name])]);
  const known = ['service', 'functions', ...deployables.filter(hosting).map((one) => one.name)];
  const near = closest(place, known);
  throw new KnownError(`'${place}' is no place for ${name}.`, {
    next: near ? `Did you mean '${near}'?` : `Use one of: ${known.join(', ')}.`,
  });
}
const shared = (deployables: readonly Deployable[]) =>
  deployables.find(({ kind, hosts }) => kind === 'server' && hosts.length > 1);

/**
 * Several servers stand behind one gateway, alone public, and need a broker between them; a system that has neither gets
 * both when it first needs them. What a person arranged otherwise stays.
 */
function settled(before: Blueprint, after: Blueprint): Grown {
  const notes: string[] = [];
  let { deployables, stack } = after;
  const hosts = deployables.filter(hosting);
  const more = hosts.length > before.deployables.filter(hosting).length;
  const served = hosts.some(({ kind }) => kind === 'server');
  const isGateway = ({ kind }: Deployable) => kind === 'gateway';
  if (!served && deployables.some(isGateway)) {
    notes.push('The gateway is gone: no server is left behind it.');
    deployables = deployables.filter((one) => !isGateway(one));
  }
  if (served && hosts.length > 1 && more && !deployables.some(isGateway)) {
    notes.push('More than one deployable needs one way in: a gateway is added, and only it is public.');
    deployables = [...deployables, deployableOf(after, 'gateway', 'gateway', [])];
  }
  if (deployables.filter(isGateway).length > before.deployables.filter(isGateway).length)
    deployables = deployables.map((one) => ({ ...one, public: isGateway(one) }));
  else if (!deployables.some(isGateway) && (hosts.length === 1 || !served))
    deployables = deployables.map((one) => ({ ...one, public: true }));
  const places = hosts.map(({ kind }): Placement => (kind === 'functions' ? 'functions' : 'service'));
  const broker = defaultBroker(places);
  if (more && stack.broker === 'memory' && broker !== 'memory') {
    notes.push(`Events have to reach other processes: \`stack.broker\` is ${broker} now, and was memory.`);
    stack = { ...stack, broker };
  }
  return { blueprint: { ...after, stack, deployables }, notes };
}
