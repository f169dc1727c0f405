import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { KnownError, type Place } from '../model/known-error.ts';
import { checkModules, checkName, inDependencyOrder } from './expand.ts';
import { defaultEntity } from './names.ts';
import { closest } from './nearest.ts';
import {
  type Architecture,
  architectureSchema,
  type Blueprint,
  type Deployable,
  type FragmentSettings,
  fragmentSchema,
  type Module,
} from './schema.ts';

/** A path into `architecture.yaml`: keys and indexes. */
export type Key = readonly (string | number)[];
export interface Loaded {
  readonly architecture: Architecture;
  /** Where the value at `path` stands, or its nearest parent that is in the file. */
  at(path: Key): Place;
  /** What modules say of themselves, each in a file of its own. */
  readonly fragments: readonly Fragment[];
}
/** A module's own `architecture.yaml`. */
export interface Fragment {
  readonly module: string;
  readonly within: Within;
  readonly settings: FragmentSettings;
  at(path: Key): Place;
}
/** The files of a folder, without those of some folders in it. */
export interface Within {
  readonly folder: string;
  readonly except: readonly string[];
}

/**
 * Parses `architecture.yaml` and checks it against the schema. `file` is only shown.
 * Throws a `KnownError` with line and column, and with what was expected.
 */
export function readArchitecture(text: string, file: string): Loaded {
  const { value, at } = readSettings(text, file, architectureSchema);
  return { architecture: value, at, fragments: [] };
}

/** Parses a module's own `architecture.yaml`. Throws like `readArchitecture`. */
export const readFragment = (
  text: string,
  file: string,
): { readonly value: FragmentSettings; readonly at: Loaded['at'] } => readSettings(text, file, fragmentSchema);

function readSettings<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
): { readonly value: T; readonly at: Loaded['at'] } {
  const { document, place } = parse(text, file);
  const values = valuesOf(document, file);
  const twice = repeated(document);
  if (twice)
    throw new KnownError(`The key '${twice.key}' is there twice.`, {
      place: place(twice.offset),
      next: 'Remove one of them.',
    });

  const keyAt = (parent: Key, key: string): number | undefined => {
    const node = parent.length === 0 ? document.contents : document.getIn(parent, true);
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  };
  const at = (path: Key): Place => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
      const offset = node?.range?.[0] ?? keyAt(path.slice(0, length - 1), String(path[length - 1]));
      if (offset !== undefined) return place(offset);
    }
    return place(document.contents?.range?.[0] ?? 0);
  };

  const parsed = schema.safeParse(values ?? {});
  if (parsed.success) return { value: parsed.data, at };
  const issues = parsed.error.issues.flatMap((issue): z.core.$ZodIssue[] =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
  );
  // One is shown: finding the place and the nearest word of each takes long where there are thousands.
  const { message, place: where, next } = describe(issues[0]!, { at, keyAt, place, schema });
  const rest = issues.length > 1 ? ` (${issues.length - 1} more after this one)` : '';
  throw new KnownError(`${message}${rest}`, { place: where, next });
}

/** The document, if it is valid YAML of a sane size, and what turns an offset in it into a place. */
function parse(text: string, file: string) {
  const lines = new LineCounter();
  if (text.length > LONGEST)
    throw new KnownError(`This has more than ${LONGEST} characters: it is no description of a system.`, {
      place: { file },
      next: 'Describe the system, and keep data in other files.',
    });
  if (isDeep(text))
    throw new KnownError(`This is not valid YAML: it is nested deeper than ${DEEPEST}.`, {
      place: { file },
      next: 'Correct it and run again.',
    });
  // Pretty errors and checking keys for being unique cost time that grows with the square; `repeated` takes one pass.
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    // Warnings would go to standard error, past whoever prints.
    logLevel: 'error',
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [syntax] = document.errors;
  if (syntax)
    throw new KnownError(`This is not valid YAML: ${syntax.message.split('\n')[0]?.replace(/ at line .*$/, '')}.`, {
      place: place(syntax.pos[0]),
      next: 'Correct the line and run again.',
    });
  return { document, place };
}

/** More characters than any description has; each of them costs time. */
const LONGEST = 500_000;

/** The parser takes time that grows with the square of the depth, and overflows. */
const DEEPEST = 100;

function isDeep(text: string): boolean {
  let depth = 0;
  for (const [character] of text.matchAll(/[[\]{}]/g)) {
    depth = character === '[' || character === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  return /(?:[-?:][ \t]+){100}/.test(text);
}

/** What the file says; aliases that multiply, and nesting beyond all measure, are refused. */
function valuesOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new KnownError(`This cannot be read: ${error instanceof Error ? error.message : String(error)}.`, {
      place: { file },
      next: 'Write out what its aliases (*name) stand for, without deep nesting.',
      cause: error,
    });
  }
}

/** The first key that a map has twice. */
function repeated(document: Document): { readonly key: string; readonly offset: number } | undefined {
  let found: { readonly key: string; readonly offset: number } | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          found = { key: String(key.value), offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

interface Problem {
  readonly message: string;
  readonly place: Place;
  readonly next: string;
}

interface Finder {
  at(path: Key): Place;
  keyAt(parent: Key, key: string): number | undefined;
  place(offset: number): Place;
  readonly schema: z.ZodType;
}

function describe(issue: z.core.$ZodIssue, { at, keyAt, place, schema }: Finder): Problem {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const where = path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const near =
      closest(key, ownKeys(path.reduce<unknown>(inside, schema))) ??
      closest(
        key,
        keysOf(schema).filter((other) => other !== key),
      );
    return {
      message: `${where} has no key '${key}'`,
      place: place(keyAt(path, key) ?? 0),
      next: near ? `Did you mean '${near}'?` : 'Remove it, or see the schema in the first line of the file.',
    };
  }
  const [key] = path.slice(-1);
  const offset = issue.code === 'invalid_key' ? keyAt(path.slice(0, -1), String(key)) : undefined;
  const expected =
    issue.code === 'invalid_key'
      ? `'${String(key)}' is not a name: ${issue.issues.map(({ message }) => message).join('; ')}`
      : `${where}: ${issue.message.replace(/^Invalid input: /, '')}`;
  const values = issue.code === 'invalid_value' ? issue.values.map(String).join(', ') : undefined;
  return {
    message: expected,
    place: offset === undefined ? at(path) : place(offset),
    next: values ? `Use one of: ${values}.` : 'Correct the value and run again.',
  };
}

/** The schema of what a key, or an index, of something is. */
function inside(schema: unknown, key: string | number): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return inside(schema.unwrap(), key);
  if (schema instanceof z.ZodObject) return schema.shape[key];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}
function ownKeys(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return ownKeys(schema.unwrap());
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Every key that a schema has, at any depth. */
const keysOf = (schema: unknown): string[] => {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([key, value]) => [key, ...keysOf(value)]);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return keysOf(schema.unwrap());
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType);
  if (schema instanceof z.ZodArray) return keysOf(schema.element);
  return [];
};

/** A generated system's `architecture.yaml` → blueprint; everything left open gets its default. */
export function load(text: string, file = 'architecture.yaml'): Blueprint {
  return blueprintOf(readArchitecture(text, file));
}

export function blueprintOf({ architecture, at }: Loaded): Blueprint {
  const { name, stack = {}, delivery = {}, capacity, lint } = architecture;
  const defaults = {
    language: stack.language ?? 'node',
    framework: stack.framework ?? 'fastify',
    database: stack.database ?? 'postgres',
    cache: stack.cache ?? 'redis',
    broker: stack.broker ?? 'memory',
  };
  locate(at, ['name'], () => checkName(name, 'the system'));
  const written = architecture.modules ?? {};
  const names = Object.keys(written);
  const modules = names.map((module): Module => {
    const {
      path,
      entity = defaultEntity(module),
      language = defaults.language,
      uses = [],
      consumes = [],
    } = written[module]!;
    for (const [index, used] of uses.entries()) known(used, names, at(['modules', module, 'uses', index]));
    for (const [index, topic] of consumes.entries()) {
      const place = at(['modules', module, 'consumes', index]);
      if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(topic))
        throw new KnownError(`'${topic}' is not an event: expected <module>.<event>.`, {
          place,
          next: 'Write it like catalog.product-deleted.',
        });
      known(topic.split('.')[0]!, names, place);
    }
    return { name: module, path, entity, language, uses, consumes };
  });
  for (const module of modules) locate(at, ['modules', module.name], () => checkModules([module]));
  const sorted = locate(at, ['modules'], () => {
    checkModules(modules);
    return inDependencyOrder(modules);
  });
  const deployables = Object.entries(architecture.deployables ?? {}).map(([deployable, given]): Deployable => {
    const hosts = given.hosts ?? [];
    for (const [index, host] of hosts.entries()) known(host, names, at(['deployables', deployable, 'hosts', index]));
    return {
      name: deployable,
      kind: given.kind,
      path: given.path ?? `deployables/${deployable}`,
      language: modules.find((module) => hosts.includes(module.name))?.language ?? defaults.language,
      framework: given.framework ?? defaults.framework,
      hosts,
      public: given.public ?? given.kind === 'gateway',
    };
  });
  return {
    name,
    stack: defaults,
    modules: sorted,
    deployables,
    delivery: {
      ci: delivery.ci ?? 'none',
      deploy: delivery.deploy ?? [],
      observability: delivery.observability ?? [],
      load: delivery.load ?? 'none',
    },
    ...(capacity ? { capacity } : {}),
    ...(lint ? { lint } : {}),
  };
}

function known(name: string, names: readonly string[], place: Place): void {
  if (names.includes(name)) return;
  const near = closest(name, names);
  throw new KnownError(`There is no module '${name}' in this file.`, {
    place,
    next: near ? `Did you mean '${near}'?` : `Its modules are ${names.join(', ')}.`,
  });
}

/** Runs a check that knows no file, and tells where its error stands. */
function locate<T>(at: (path: Key) => Place, path: Key, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof KnownError) || error.place) throw error;
    throw new KnownError(error.message, { next: error.next, place: at(path), exitCode: error.exitCode, cause: error });
  }
}
