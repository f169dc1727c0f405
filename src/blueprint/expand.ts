import { KnownError } from '../model/known-error.ts';
import { defaultEntity, pluralOf } from './names.ts';
import { closest } from './nearest.ts';
import { reservedEntity, reservedModule } from './reserved.ts';
import type { Blueprint, Module } from './schema.ts';
import {
  defaultBroker,
  defaultDeploy,
  defaultObservability,
  deployablesOf,
  type Placement,
  placements,
  styleOf,
} from './styles.ts';

/** What a person answered, each value already a known choice of its axis. */
export interface Answers {
  readonly name: string;
  readonly style: string;
  readonly framework: string;
  /** `catalog` or `catalog:product`. */
  readonly modules: readonly string[];
  /** `orders:catalog`: orders calls catalog. */
  readonly uses: readonly string[];
  /** `orders=service`: where a hybrid puts a module. */
  readonly place: readonly string[];
  readonly database: string;
  readonly cache: string;
  /** Absent: what the placement needs. */
  readonly broker: string | undefined;
  readonly ci: string;
  /** Absent: what the placement needs, as for the broker. */
  readonly deploy: readonly string[] | undefined;
  readonly observability: readonly string[] | undefined;
  readonly load: string;
}

const shape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Answers → blueprint. Throws a `KnownError` that names the answer and the next step. */
export function expand(answers: Answers): Blueprint {
  const style = styleOf(answers.style);
  const language = 'node';
  checkName(answers.name, 'the system');
  const named = answers.modules.map(parseModule);
  const uses = parseUses(
    answers.uses,
    named.map(({ name }) => name),
  );
  const entities = new Map(named.map(({ name, entity }) => [name, entity]));
  const modules = named.map(
    ({ name, entity }): Module => ({
      name,
      path: `modules/${name}`,
      entity,
      language,
      uses: uses.get(name) ?? [],
      consumes: (uses.get(name) ?? []).map((used) => `${used}.${entities.get(used)}-deleted`),
    }),
  );
  checkModules(modules);
  const sorted = inDependencyOrder(modules);
  const wanted = parsePlaces(
    answers,
    sorted.map(({ name }) => name),
  );
  const placed = sorted.map((module, index) => ({
    module,
    place: wanted.get(module.name) ?? style.place(module, index, sorted),
  }));
  const places = placed.map(({ place }) => place);
  const stack = {
    language,
    framework: answers.framework,
    database: answers.database,
    cache: answers.cache,
    broker: answers.broker ?? defaultBroker(places),
  };
  return {
    name: answers.name,
    stack,
    modules: sorted,
    deployables: deployablesOf(placed, stack),
    delivery: {
      ci: answers.ci,
      deploy: answers.deploy ?? defaultDeploy(places),
      observability: answers.observability ?? defaultObservability(places),
      load: answers.load,
    },
    lint: { extends: 'recommended', ...(stack.language === 'node' && { layers: skeletonLayers }) },
  };
}

/** Of a module as it is generated, lowest first. */
const skeletonLayers = ['modules/*/src/{domain,infra,app}'];

/** A name that becomes folders, packages, identifiers and SQL schemas: 2 to 30 characters of kebab-case. */
export function checkName(name: string, what: string): void {
  if (shape.test(name) && name.length >= 2 && name.length <= 30) return;
  const suggestion = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  throw new KnownError(
    `'${name}' cannot name ${what}: use 2 to 30 characters, lower-case words joined by single hyphens, starting with a letter.`,
    {
      next: shape.test(suggestion) && suggestion.length >= 2 ? `Try '${suggestion}'.` : 'Choose another name.',
    },
  );
}

function parseModule(text: string): { name: string; entity: string } {
  const [name = '', entity, ...rest] = text.split(':').map((part) => part.trim());
  if (rest.length > 0)
    throw new KnownError(`'${text}' is not a module: expected name or name:entity.`, {
      next: 'Write --modules catalog:product,orders:order.',
    });
  checkName(name, 'a module');
  if (entity !== undefined) checkName(entity, `the entity of ${name}`);
  return { name, entity: entity ?? defaultEntity(name) };
}

function parseUses(pairs: readonly string[], modules: readonly string[]): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const pair of pairs) {
    const [from, to, ...rest] = pair.split(':').map((part) => part.trim());
    if (!from || !to || rest.length > 0)
      throw new KnownError(`'${pair}' does not say which module uses which.`, {
        next: 'Write --uses orders:catalog, which lets orders call catalog.',
      });
    for (const name of [from, to]) requireModule(name, modules, '--uses');
    const list = uses.get(from) ?? [];
    if (!list.includes(to)) list.push(to);
    uses.set(from, list);
  }
  return uses;
}

function parsePlaces({ place, style }: Answers, modules: readonly string[]): Map<string, Placement> {
  if (place.length > 0 && style !== 'hybrid')
    throw new KnownError(`--place says where each module of a hybrid goes, and this system is a ${style}.`, {
      next: 'Add --style hybrid, or leave --place out.',
    });
  const places = new Map<string, Placement>();
  for (const pair of place) {
    const [name = '', text = '', ...rest] = pair.split('=').map((part) => part.trim());
    if (!name || !text || rest.length > 0)
      throw new KnownError(`'${pair}' does not say where a module goes.`, {
        next: 'Write --place orders=service,catalog=monolith.',
      });
    requireModule(name, modules, '--place');
    const known = placements.find((one) => one === text);
    if (!known) {
      const near = closest(text, placements);
      throw new KnownError(`'${text}' is no place for ${name}.`, {
        next: near ? `Did you mean '${near}'?` : `Use one of: ${placements.join(', ')}.`,
      });
    }
    if (places.has(name))
      throw new KnownError(`--place names the module '${name}' twice.`, { next: 'Place each module once.' });
    places.set(name, known);
  }
  return places;
}

export function requireModule(name: string, modules: readonly string[], where: string): void {
  if (modules.includes(name)) return;
  const near = closest(name, modules);
  throw new KnownError(`${where} names the module '${name}', which this system does not have.`, {
    next: near ? `Did you mean '${near}'?` : `Its modules are ${modules.join(', ')}.`,
  });
}

/** What holds between modules, however they were given. */
export function checkModules(modules: readonly Module[]): void {
  if (modules.length === 0)
    throw new KnownError('A system needs at least one module.', { next: 'Write --modules catalog:product.' });
  const seen = new Set<string>();
  for (const { name, entity } of modules) {
    if (seen.has(name))
      throw new KnownError(`The module '${name}' is named twice.`, { next: 'Name each module once.' });
    seen.add(name);
    const reason = reservedModule(name);
    if (reason)
      throw new KnownError(`'${name}' cannot name a module: ${reason}.`, {
        next: `Try '${pluralOf(name)}' or another name.`,
      });
    const entityReason = reservedEntity(entity, name);
    if (entityReason)
      throw new KnownError(`'${entity}' cannot be the entity of ${name}: ${entityReason}.`, {
        next: `Name another one: --modules ${name}:${name}-item.`,
      });
  }
}

/** A module after every module that it uses; a cycle is an error that names its way. */
export function inDependencyOrder(modules: readonly Module[]): Module[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const done = new Set<string>();
  const sorted: Module[] = [];
  const visit = (name: string, way: readonly string[]): void => {
    if (done.has(name)) return;
    if (way.includes(name))
      throw new KnownError(
        `Modules use each other in a cycle: ${[...way.slice(way.indexOf(name)), name].join(' → ')}.`,
        {
          next: 'Remove one of these uses, and let that module consume an event of the other instead.',
        },
      );
    const module = byName.get(name);
    if (!module) return;
    for (const used of module.uses) visit(used, [...way, name]);
    done.add(name);
    sorted.push(module);
  };
  for (const { name } of modules) visit(name, []);
  return sorted;
}
