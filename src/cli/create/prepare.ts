import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expand } from '../../blueprint/expand.ts';
import { checkGeneratable } from '../../blueprint/generatable.ts';
import type { Key } from '../../blueprint/load.ts';
import type { Choice } from '../../blueprint/questions.ts';
import type { Blueprint } from '../../blueprint/schema.ts';
import { KnownError, type Place } from '../../model/known-error.ts';
import type { Catalogue } from '../../plan/catalogue.ts';
import { type Plan, plan, specOf } from '../../plan/plan.ts';
import { choices, offered, unknownChoice } from '../../plan/select.ts';
import { type Change, classify, type ReadyFile, type Situation } from '../../write/classify.ts';
import { diskOf, inspect, show, type Target } from '../../write/target.ts';
import { ask, complete } from './answers.ts';
import type { Settings } from './flags.ts';

export interface Prepared {
  readonly blueprint: Blueprint;
  readonly target: Target;
  /** What is done about every file; nothing is done yet. */
  readonly changes: readonly Change[];
  /** Names of the variables that its deployables read. */
  readonly variables: readonly string[];
}
export interface World {
  readonly catalogue: Catalogue;
  readonly choices: readonly Choice[];
  readonly version: string;
  /** Bytes of what a plan only names. */
  linter(): Promise<Uint8Array>;
  /** Whether there is somebody to ask. */
  readonly terminal: boolean;
}

/** ask → blueprint → plan → a decision about every file. Nothing is written. */
export async function prepare(settings: Settings, world: World): Promise<Prepared> {
  const { blueprint, target } = await describe(settings, world);
  return { blueprint, target, ...(await decide(blueprint, target, world)) };
}

/** plan → a decision about every file. `disk`: what is there, where something else than the target's own files counts. */
export async function decide(
  blueprint: Blueprint,
  target: Target,
  world: World,
  disk: Situation['disk'] = diskOf(target),
): Promise<Pick<Prepared, 'changes' | 'variables'>> {
  const release = { version: world.version };
  const ready = await filled(plan(blueprint, world.catalogue, release), world);
  const { lock } = target;
  // The base of a merge is made again by the generator that made it; another version may plan differently.
  const base =
    lock?.generator === world.version ? () => plan(lock.blueprint, world.catalogue, release) : () => [] as Plan;
  let earlier: Map<string, string> | undefined;
  const changes = classify({
    plan: ready,
    lock,
    disk,
    base: (path) => {
      earlier ??= new Map(
        base().flatMap(({ path, content }) => (typeof content === 'string' ? [[path, content]] : [])),
      );
      return earlier.get(path);
    },
  });
  const { system } = specOf(blueprint, world.catalogue, release);
  const variables = [...new Set(system.all('setting').map(({ name }) => name))];
  return { changes, variables };
}

async function describe(settings: Settings, world: World): Promise<Pick<Prepared, 'blueprint' | 'target'>> {
  const directory = settings.directory === undefined ? undefined : resolve(settings.directory);
  const found = directory === undefined ? undefined : inspect(directory, settings);
  if (settings.from !== undefined) {
    const blueprint = await fromFile(resolve(settings.from), world, found?.lock === undefined);
    return { blueprint, target: found ?? inspect(resolve(blueprint.name), settings) };
  }
  if (found?.lock) {
    const [flag] = Object.keys(settings.given);
    const file = join(found.directory, 'architecture.yaml');
    if (flag !== undefined)
      throw new KnownError(`${show(found.directory)} is a system already, so --${flag} cannot describe it.`, {
        next: `Change ${show(file)} and run again without --${flag}.`,
      });
    return { blueprint: await fromFile(file, world, false), target: found };
  }
  if (settings.yes || settings.json) {
    const target = found ?? inspect(resolve('shop'), settings);
    return { blueprint: expand(complete(basename(target.directory), settings.given)), target };
  }
  if (!world.terminal)
    throw new KnownError('There is no terminal to ask questions on.', {
      next: 'Add --yes to take the defaults, or --from architecture.yaml.',
    });
  const answers = await ask(directory && basename(directory), settings.given, world.choices);
  const target = found ?? inspect(resolve(answers.name), settings);
  return { blueprint: expand(complete(answers.name, answers.given)), target };
}

async function fromFile(file: string, world: World, fresh: boolean): Promise<Blueprint> {
  return checked(textOf(file), show(file), world, fresh);
}

/** The blueprint that `text` says, where this version can generate it. `file` is only shown. */
export async function checked(text: string, file: string, world: World, fresh: boolean): Promise<Blueprint> {
  const { blueprintOf, readArchitecture } = await import('../../blueprint/load.ts');
  const loaded = readArchitecture(text, file);
  const blueprint = blueprintOf(loaded);
  checkGeneratable(blueprint, loaded.at, fresh);
  checkChoices(blueprint, world, loaded.at);
  return blueprint;
}

function checkChoices(blueprint: Blueprint, { catalogue }: World, at: (key: Key) => Place): void {
  for (const choice of choices(blueprint)) {
    if (offered(choice, catalogue.templates)) continue;
    const error = unknownChoice(choice, catalogue.templates);
    throw new KnownError(error.message, { next: error.next, place: at(choice.key) });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new KnownError(`${show(file)} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, {
      next: 'Name an architecture.yaml that is there.',
      cause,
    });
  }
}

async function filled(files: Plan, world: World): Promise<readonly ReadyFile[]> {
  const needed = files.some(({ content }) => typeof content === 'object' && 'provided' in content);
  const linter = needed ? await world.linter() : undefined;
  return files.map((file): ReadyFile => {
    const { content } = file;
    if (typeof content === 'string' || content instanceof Uint8Array) return { ...file, content };
    return { ...file, content: linter! };
  });
}
