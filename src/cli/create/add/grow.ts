import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkName, requireModule } from '../../../blueprint/expand.ts';
import { addConsumer, addDeployable, addModule } from '../../../blueprint/grow.ts';
import { camel } from '../../../blueprint/names.ts';
import { closest } from '../../../blueprint/nearest.ts';
import { reservedPart } from '../../../blueprint/reserved.ts';
import type { Blueprint, Deployable, Module } from '../../../blueprint/schema.ts';
import { KnownError } from '../../../model/known-error.ts';
import type { Catalogue } from '../../../plan/catalogue.ts';
import {
  consumerPart,
  jobPart,
  type OperationPart,
  operationPart,
  type PartFile,
  partOf,
  pathParameters,
} from '../../../plan/part.ts';
import type { Found } from './system.ts';
import { namesIn, type Request } from './things.ts';

/** What an addition means for the system: pure decisions, nothing is written. */
export interface Growth {
  readonly blueprint: Blueprint;
  /** New texts of files that people own, by path. */
  readonly edits: ReadonlyMap<string, string>;
  /** Files that are a person's from the first moment. */
  readonly files: readonly PartFile[];
  /** What was added, for the first line of the summary: `the module billing`. */
  readonly title: string;
  /** What else had to change, and why. */
  readonly notes: readonly string[];
  /** What only a person can do. */
  readonly todo: readonly string[];
}

type Given = Pick<Request, 'kind' | 'args' | 'given'>;

/** Throws a `KnownError` for what cannot be added, with the nearest valid choice. */
export async function growth(request: Given, system: Found, catalogue: Catalogue): Promise<Growth> {
  const [first = '', second = ''] = request.args;
  switch (request.kind) {
    case 'module':
      return newModule(first, request.given, system);
    case 'deployable':
      return newDeployable(first, request.given, system);
    case 'operation':
      return newOperation(first, second, request.given, system, catalogue);
    case 'consumer':
      return newConsumer(first, second, system, catalogue);
    case 'job':
      return newJob(first, second, system, catalogue);
  }
}

const nothing = { edits: new Map<string, string>(), files: [] };

function newModule(text: string, given: Request['given'], { blueprint }: Found): Growth {
  const [name = '', entity, ...rest] = text.split(':').map((part) => part.trim());
  if (rest.length > 0)
    throw new KnownError(`'${text}' is not a module: expected name or name:entity.`, {
      next: 'Write create-scalable-backend add module billing:invoice',
    });
  const grown = addModule(blueprint, { name, entity, uses: namesIn(given.uses), place: given.place });
  return {
    ...nothing,
    ...grown,
    title: `The module ${name}`,
    todo: [
      `Say what it is in modules/${name}: its contract, its rules, its tables. The files are a start, and yours.`,
      `To let another module call it, add ${name} to \`uses\` of that one in architecture.yaml, and to its src/requires.ts and package.json.`,
    ],
  };
}

function newDeployable(name: string, given: Request['given'], { blueprint }: Found): Growth {
  const kind = (given.kind ?? 'server') as Deployable['kind'];
  const hosts = namesIn(given.hosts);
  const names = blueprint.modules.map((module) => module.name).join(', ');
  if (kind !== 'gateway' && hosts.length === 0)
    throw new KnownError(`A deployable of kind ${kind} runs modules, and --hosts names none for ${name}.`, {
      next: `Add --hosts with some of: ${names}.`,
    });
  if (kind === 'gateway' && hosts.length > 0)
    throw new KnownError('A gateway hosts no module.', { next: 'Leave --hosts out, or use --kind server.' });
  return { ...nothing, ...addDeployable(blueprint, { name, kind, hosts }), title: `The deployable ${name}`, todo: [] };
}

/** Methods and paths of operations are what clients depend on: only plain ones are written. */
const segment = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*|\{[a-z][a-zA-Z0-9]*\})$/;
const longestPath = 60;

async function newOperation(
  moduleName: string,
  name: string,
  given: Request['given'],
  system: Found,
  catalogue: Catalogue,
): Promise<Growth> {
  const module = moduleOf(system, moduleName);
  checkPart(name, 'an operation');
  const method = given.method ?? (/^(?:get|list|find|search|count)-/.test(name) ? 'GET' : 'POST');
  const path = checkedPath(given.path ?? `/${name}`);
  const at = (file: string) => `${module.path}/src/${file}`;
  const key = camel(name);
  const edit = await import('../../../edit/operation.ts');
  const kind = (await onOne(system, module, path)) ? 'one' : 'all';
  const part = operationPart(module, { name, method, path, kind: kindOf(method, kind) });
  const { files, entry = '' } = partOf(system.blueprint, catalogue, module, part);
  const contract = sourceAt(system, at('contract.ts'), entry);
  const handler = { name: key, from: `./app/${name}.ts` };
  const wired = `import { ${key} } from '${handler.from}';\n\n${key}: ${key}(ctx),`;
  const main = sourceAt(system, at('module.ts'), wired);
  const withEntry = edit.withOperation(contract, { name: key, lines: entry });
  const withHandler = edit.withHandler(main, handler, wired);
  const { operations } = edit.stated(contract);
  const done = withEntry === contract.text && withHandler === main.text;
  if (done) throw exists(`${module.name} has an operation ${key}`, at('contract.ts'));
  if (withHandler !== main.text) requireFree(edit.namesIn(main), key, main.path, 'an operation');
  const shape = (one: string) => one.replace(/\{\w+\}/g, '{}');
  const clash = operations.find(
    (one) => one.name !== key && one.method === method && shape(one.path ?? '') === shape(path),
  );
  if (clash)
    throw new KnownError(`${method} ${path} is ${clash.name} of ${module.name} already.`, {
      next: 'Choose another --path or --method.',
    });
  return {
    blueprint: system.blueprint,
    edits: new Map([
      [contract.path, withEntry],
      [main.path, withHandler],
    ]),
    files,
    title: `The operation ${key}: ${method} /${module.name}${path}`,
    notes: [],
    todo: [
      `Say what it takes, answers and refuses in ${contract.path}; the compiler then asks ${at(`app/${name}.ts`)} for it.`,
      `Write what it does in ${at(`app/${name}.ts`)}, and what clients may rely on in ${files.find((file) => file.path.startsWith('tests/'))?.path}.`,
    ],
  };
}

const kindOf = (method: string, on: 'one' | 'all'): OperationPart['kind'] => {
  const act = method === 'GET' ? 'read' : 'write';
  return on === 'one' ? `${act}-one` : act;
};

/** Whether the operation can be about one entity: its path has the id, and what the skeleton needs is still there. */
async function onOne(system: Found, module: Module, path: string): Promise<boolean> {
  if (!pathParameters(path).includes('id')) return false;
  const { exported } = await import('../../../edit/source.ts');
  const needs: readonly (readonly [string, string])[] = [
    [`${module.path}/src/infra/repository.ts`, 'find'],
    [`${module.path}/src/app/present.ts`, 'present'],
    [`${module.path}/src/contract.ts`, `${camel(module.entity)}Schema`],
    [`tests/http/examples/${module.name}.ts`, 'input'],
    [`tests/http/examples/${module.name}.ts`, 'collection'],
  ];
  return needs.every(([file, name]) => {
    const text = textAt(system, file);
    return text !== undefined && exported({ path: file, text }).has(name);
  });
}

function checkedPath(path: string): string {
  const parts = path.split('/').slice(1);
  const parameters = pathParameters(path);
  const fine = path.startsWith('/') && parts.length > 0 && parts.every((part) => segment.test(part));
  if (!fine || path.length > longestPath || new Set(parameters).size < parameters.length)
    throw new KnownError(`'${path}' is no path of an operation.`, {
      next: `Write lower-case words and {names} between slashes, at most ${longestPath} characters, as in /products/{id}/archive.`,
    });
  return path;
}

async function newConsumer(moduleName: string, topic: string, system: Found, catalogue: Catalogue): Promise<Growth> {
  const module = moduleOf(system, moduleName);
  const [ownerName = '', event = '', ...rest] = topic.split('.');
  const names = system.blueprint.modules.map(({ name }) => name);
  if (!event || rest.length > 0)
    throw new KnownError(`'${topic}' is no topic: expected <module>.<event>.`, {
      next: 'Write it as in catalog.product-created.',
    });
  requireModule(ownerName, names, 'The topic');
  const owner = moduleOf(system, ownerName);
  const key = await eventOf(system, owner, event);
  const part = consumerPart(system.blueprint, module, owner, key);
  const at = (file: string) => `${module.path}/src/${file}`;
  const item = { name: part.name, from: `./consumers/${part.file}.ts` };
  const lines = `import { ${item.name} } from '${item.from}';\n\n${item.name},`;
  const list = sourceAt(system, at('consumers.ts'), lines);
  const { consumedIn, withItem } = await import('../../../edit/list.ts');
  const { namesIn: taken, withPart } = await import('../../../edit/operation.ts');
  const main = sourceAt(system, at('module.ts'), 'consumers,');
  const withConsumer = withItem(list, 'consumers', item, lines);
  const there = consumedIn(list).includes(`${camel(owner.name)}Contract.events.${key}`);
  if (there || withConsumer === list.text) throw exists(`${module.name} consumes ${owner.name}.${event}`, list.path);
  requireFree(taken(list), item.name, list.path, 'a consumer');
  const own = owner.name === module.name;
  return {
    blueprint: own ? system.blueprint : addConsumer(system.blueprint, module.name, `${owner.name}.${event}`),
    edits: new Map([
      [list.path, withConsumer],
      [main.path, withPart(main, 'consumers', `import { consumers } from './consumers.ts';\n\nconsumers,`)],
    ]),
    files: partOf(system.blueprint, catalogue, module, part).files,
    title: `The consumer of ${owner.name}.${event} in ${module.name}`,
    notes: [],
    todo: [
      `Write what ${module.name} does about it in ${at(`consumers/${part.file}.ts`)}: now it counts, which GET /${module.name}/activity shows.`,
      'It gets the events that are published from its first start on, and none from before.',
    ],
  };
}

/** The key of an event in its owner's contract: `product-created` → `productCreated`. */
async function eventOf(system: Found, owner: Module, event: string): Promise<string> {
  const { stated } = await import('../../../edit/operation.ts');
  const path = `${owner.path}/src/contract.ts`;
  const events = eventsOf(() => stated(sourceAt(system, path, '')));
  if (!events) return camel(event);
  const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const found = events.find((key) => kebab(key) === event);
  if (found) return found;
  const known = events.map(kebab);
  const near = closest(event, known);
  throw new KnownError(`${owner.name} publishes no '${event}'.`, {
    place: { file: path },
    next: near
      ? `Did you mean '${owner.name}.${near}'?`
      : `It publishes ${known.join(', ') || 'nothing'}; a new event is stated there first.`,
  });
}

/** Undefined where a contract is written in a way that is not read here: the compiler then says what it has. */
function eventsOf(read: () => { readonly events: readonly string[] }): readonly string[] | undefined {
  try {
    return read().events;
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

async function newJob(moduleName: string, name: string, system: Found, catalogue: Catalogue): Promise<Growth> {
  const module = moduleOf(system, moduleName);
  checkPart(name, 'a job');
  const key = camel(name);
  const at = (file: string) => `${module.path}/src/${file}`;
  const item = { name: key, from: `./jobs/${name}.ts` };
  const lines = `import { ${key} } from '${item.from}';\n\n${key},`;
  const list = sourceAt(system, at('jobs.ts'), lines);
  const main = sourceAt(system, at('module.ts'), 'jobs,');
  const { withItem } = await import('../../../edit/list.ts');
  const { namesIn: taken, withPart } = await import('../../../edit/operation.ts');
  const withJob = withItem(list, 'jobs', item, lines);
  if (withJob === list.text) throw exists(`${module.name} has a job ${name}`, list.path);
  requireFree(taken(list), key, list.path, 'a job');
  return {
    blueprint: system.blueprint,
    edits: new Map([
      [list.path, withJob],
      [main.path, withPart(main, 'jobs', `import { jobs } from './jobs.ts';\n\njobs,`)],
    ]),
    files: partOf(system.blueprint, catalogue, module, jobPart(module, name)).files,
    title: `The job ${name} of ${module.name}`,
    notes: [],
    todo: [
      `Enqueue it where its work begins, in that transaction: await ctx.jobs.enqueue(tx, ${key}, { id })`,
      `Write the work in ${at(`jobs/${name}.ts`)}: now it counts itself, which GET /${module.name}/activity shows.`,
    ],
  };
}

function moduleOf({ blueprint: { modules } }: Found, name: string): Module {
  requireModule(
    name,
    modules.map((module) => module.name),
    'The command',
  );
  return modules.find((module) => module.name === name)!;
}

function checkPart(name: string, what: string): void {
  checkName(name, what);
  const digit = /-\d/.test(name);
  const reason = digit ? 'a word of a name starts with a letter in TypeScript' : reservedPart(name);
  if (reason)
    throw new KnownError(`'${name}' cannot name ${what}: ${reason}.`, {
      next: digit ? `Write '${name.replace(/-(?=\d)/g, '')}'.` : `Say what it is about, as in '${name}-order'.`,
    });
}

function requireFree(names: ReadonlySet<string>, name: string, file: string, what: string): void {
  if (!names.has(name)) return;
  throw new KnownError(`'${name}' cannot name ${what}: the file has that name already.`, {
    place: { file },
    next: 'Choose another name.',
  });
}

const exists = (what: string, file: string): KnownError =>
  new KnownError(`${what} already.`, { place: { file }, next: 'Change it there, or choose another name.' });

function textAt({ target: { directory } }: Found, path: string): string | undefined {
  try {
    return readFileSync(join(directory, path), 'utf8');
  } catch {
    return undefined;
  }
}

function sourceAt(system: Found, path: string, lines: string) {
  const text = textAt(system, path);
  if (text === undefined)
    throw new KnownError(`${path} is not there, and is where this would be wired.`, {
      next: `Restore it: git checkout -- ${path}${lines ? `; or add by hand what it would get:\n\n${lines}\n` : ''}`,
    });
  return { path, text };
}
