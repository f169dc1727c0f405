import type { Key, Loaded } from '../../blueprint/load.ts';
import { closest } from '../../blueprint/nearest.ts';
import { boundaryVerbs, type FragmentSettings } from '../../blueprint/schema.ts';
import {
  type Boundary,
  type BoundaryTarget,
  type Captures,
  isPackage,
  type Layer,
  type Side,
  type TargetKind,
} from '../../model/boundary.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError, type Place } from '../../model/known-error.ts';
import type { OutsideImport } from '../../model/system.ts';
import type { Inventory } from '../discover/inventory.ts';
import { compilePattern } from '../discover/pattern.ts';
import { localIn } from '../discover/scope.ts';

/** What boundaries are stated over. */
export interface BoundaryContext {
  readonly inventory: Inventory;
  readonly files: Iterable<Path>;
  isProduction(path: Path): boolean;
  readonly outside: readonly OutsideImport[];
  moduleOf(path: Path): { readonly name: string; readonly tags: readonly string[] } | undefined;
  deployableOf(path: Path): { readonly name: string } | undefined;
}
export interface Boundaries {
  readonly all: readonly Boundary[];
  readonly stacks: readonly Stack[];
  /** Of one file; of several stacks, if patterns of layers overlap. */
  layersOf(path: Path): readonly Layer[];
}
/** Layers that were stated together: what is before and after their names is a pattern. */
export interface Stack {
  readonly before: string;
  /** Lowest first. */
  readonly order: readonly string[];
  readonly after: string;
}
type Stated = NonNullable<NonNullable<FragmentSettings['lint']>['boundaries']>[number];
type Selector = (target: BoundaryTarget, captures: Captures) => Captures | undefined;
const yes: Captures = {};

/** The layers and boundaries of `architecture.yaml`, and boundaries that modules state of themselves. Throws a `KnownError` with the place of what means nothing. */
export function readBoundaries(loaded: Loaded | undefined, context: BoundaryContext): Boundaries {
  const { layers = [], boundaries = [] } = loaded?.architecture.lint ?? {};
  const files = [...context.files];
  // Without the file nothing is stated, and no place is asked for.
  const at = (key: Key): Place => loaded!.at(key);
  const refuse = refusing(at);
  // Rules look at production alone: layers that only tests have would be checked by nobody.
  const production = files.filter(context.isProduction);
  const stacks = layers.map((text, i) => stackOf(text, ['lint', 'layers', i], production, refuse));
  const layersOf = memo((path: Path) => stacks.flatMap((stack, i) => stack(path, i) ?? []));
  const seen = { ...context, files, production, layersOf, layers: [...new Set(stacks.flatMap(({ order }) => order))] };
  const everywhere = { ...seen, at, localOf: (path: Path) => path };
  const own = (loaded?.fragments ?? []).flatMap(({ module, within, settings, at }) => {
    const local = { ...seen, at, localOf: localIn(within), module };
    return (settings.lint?.boundaries ?? []).map((stated, i) =>
      boundaryOf(stated, ['lint', 'boundaries', i], local, refusing(at)),
    );
  });
  return {
    layersOf,
    stacks,
    all: [...boundaries.map((stated, i) => boundaryOf(stated, ['lint', 'boundaries', i], everywhere, refuse)), ...own],
  };
}
const refusing =
  (at: (key: Key) => Place): Refuse =>
  (key, message, next) => {
    throw new KnownError(message, { next, place: at(key) });
  };
type Refuse = (key: Key, message: string, next: string) => never;

/** The names in braces are the layers, lowest first (`src/{domain,app,infra}`); the folders before them are their stack. */
function stackOf(text: string, key: Key, files: readonly Path[], refuse: Refuse) {
  const [, before, names, after] = /^([^{}]*)\{([^{}]+)\}([^{}]*)$/.exec(text) ?? [];
  const order = (names ?? '').split(',').map((name) => name.trim());
  if (before === undefined || order.length < 2 || order.some((name) => !/^[\w.-]+$/.test(name)))
    return refuse(
      key,
      `lint.layers: '${text}' names no layers.`,
      'Name them once in braces, lowest first: modules/*/src/{domain,app,infra}.',
    );
  if (before.includes('**'))
    refuse(
      key,
      `lint.layers: '${text}' has ** before its layers.`,
      'Write * for each folder, so that stacks are told apart.',
    );
  const patterns = order.map((name) => ({ name, pattern: pattern(`${before}${name}${after}`, key, refuse) }));
  const find = (path: Path) => patterns.findIndex(({ pattern }) => pattern.match(path) !== undefined);
  const found = new Set(files.map(find));
  const missing = order.find((_, rank) => !found.has(rank));
  if (missing !== undefined)
    refuse(
      key,
      `lint.layers: the layer '${missing}' of '${text}' matches no file of production.`,
      'Correct the pattern.',
    );
  const depth = before.replace(/^\.\//, '').split('/').length;
  const stack = (path: Path, i: number): Layer | undefined => {
    const rank = find(path);
    if (rank === -1) return undefined;
    return {
      name: order[rank]!,
      order,
      rank,
      stack: `${i} ${path
        .split('/')
        .slice(0, depth - 1)
        .join('/')}`,
    };
  };
  return Object.assign(stack, { before, order, after: after ?? '' });
}

function boundaryOf(stated: Stated, key: Key, context: Seen, refuse: Refuse): Boundary {
  const verb = boundaryVerbs.find((each) => stated[each] !== undefined)!;
  const given = stated.from ?? '**';
  const [from, to] = [listOf(given), listOf(stated[verb]!)];
  const at = (side: string, list: string | readonly string[], i: number): Key =>
    typeof list === 'string' ? [...key, side] : [...key, side, i];
  const captures = new Set<string>();
  const sources = from.map((text, i) => {
    const place = at('from', given, i);
    const own: string[] = [];
    if (text.startsWith('package:'))
      refuse(place, `'${text}' imports nothing.`, 'Say in `from` whose imports are meant.');
    const selector = selectorOf(text, place, context, refuse, own, 'from');
    if (i > 0 && own.join() !== [...captures].join())
      refuse(place, `'${text}' does not capture what the first pattern does.`, 'Write a boundary for each.');
    for (const name of own) captures.add(name);
    return selector;
  });
  const targets = to.map((text, i) => ({
    kinds: kindsOf(text),
    selects: selectorOf(text, at(verb, stated[verb]!, i), context, refuse, [...captures], verb),
  }));
  const side: Side = {
    text: to.join(', '),
    kinds: new Set(targets.flatMap(({ kinds }) => kinds)),
    matches: (target, values) => targets.some(({ selects }) => selects(target, values) !== undefined),
  };
  return {
    verb,
    reason: stated.reason.trim().replace(/\.?$/, '.'),
    place: context.at(key),
    about: context.module === undefined ? from.join(', ') : aboutOf(context.module, stated.from),
    to: side,
    from: memo((path: Path) => first(sources, (selects) => selects({ path }, yes))),
  };
}
interface Seen extends Omit<BoundaryContext, 'files'> {
  readonly files: readonly Path[];
  readonly production: readonly Path[];
  readonly layers: readonly string[];
  layersOf(path: Path): readonly Layer[];
  at(key: Key): Place;
  /** A file as a pattern of `from` calls it; undefined for one that it cannot mean. */
  localOf(path: Path): Path | undefined;
  /** Of a module that states it of itself. */
  readonly module?: string;
}
const aboutOf = (module: string, from: Stated['from']): string =>
  from === undefined ? `module:${module}` : `${listOf(from).join(', ')} of ${module}`;
const kindsOf = (text: string): readonly TargetKind[] =>
  text.startsWith('package:') ? ['package'] : text.startsWith('deployable:') ? ['path', 'deployable'] : ['path'];

/** What one word selects. `captures` are filled by a pattern of `from`, and known to one of the other side. */
function selectorOf(
  text: string,
  key: Key,
  context: Seen,
  refuse: Refuse,
  captures: string[],
  side: 'from' | Boundary['verb'],
): Selector {
  const [, kind, name = ''] = /^([a-zA-Z]+):(.*)$/.exec(text) ?? [];
  const { modules, deployables } = context.inventory;
  const [files, nothing] =
    side === 'from' ? [context.production, 'matches no file of production'] : [context.files, 'matches no file'];
  const named = (what: string, names: readonly string[], test: (path: Path) => boolean): Selector => {
    const near = closest(name, names);
    if (!names.includes(name))
      refuse(
        key,
        `There is no ${what} '${name}'.`,
        near
          ? `Did you mean '${near}'?`
          : names.length > 0
            ? `There are ${names.join(', ')}.`
            : `No ${what} is stated.`,
      );
    const meant = (path: Path) => (side !== 'from' || context.localOf(path) !== undefined) && test(path);
    if (!files.some(meant)) refuse(key, `'${text}' ${nothing}.`, 'Remove it, or correct it.');
    return (target) => ('path' in target && meant(target.path) ? yes : undefined);
  };
  if (side === 'from' && context.module !== undefined && kind !== undefined && kind !== 'layer')
    refuse(
      key,
      `'${text}' speaks of files outside of ${context.module}.`,
      'Name its own files: a glob relative to the folder of this file, or layer:.',
    );
  switch (kind) {
    case undefined: {
      const glob = pattern(text, key, refuse, side === 'from' ? undefined : captures);
      if (side === 'from') captures.push(...glob.captures);
      const anywhere = pattern(text.replaceAll(/<!?[^<>]*>/g, '*'), key, refuse);
      const localOf = side === 'from' ? context.localOf : (path: Path) => path;
      const matches = (compiled: typeof glob, path: Path, values?: Captures) => {
        const local = localOf(path);
        return local === undefined ? undefined : compiled.match(local, values);
      };
      if (!files.some((path) => matches(anywhere, path)))
        refuse(key, `'${text}' ${nothing}.`, 'Correct the pattern, or remove it if what it meant is gone.');
      return (target, values) => ('path' in target ? matches(glob, target.path, values) : undefined);
    }
    case 'package': {
      if (name === '' || name.slice(0, -1).includes('*') || name.startsWith('^'))
        refuse(key, `'${text}' names no package.`, 'A star stands at the end only: package:@nestjs/*.');
      // What is forbidden is best imported by nobody; what is allowed and imported by nobody was forgotten.
      if (side === 'allowOnly' && !context.outside.some(({ spec }) => isPackage(name, spec)))
        refuse(key, `Nothing imports '${text}'.`, 'Remove it from what is allowed.');
      return (target) => ('package' in target && isPackage(name, target.package) ? yes : undefined);
    }
    case 'layer':
      return named('layer', context.layers, (path) => context.layersOf(path).some((layer) => layer.name === name));
    case 'tag': {
      const tags = [...new Set(modules.flatMap((module) => module.tags))];
      return named('tag', tags, (path) => context.moduleOf(path)?.tags.includes(name) === true);
    }
    case 'module':
      return named('module', namesOf(modules), (path) => context.moduleOf(path)?.name === name);
    case 'deployable': {
      const inFiles = named('deployable', namesOf(deployables), (path) => context.deployableOf(path)?.name === name);
      return (target, values) => ('deployable' in target && target.deployable === name ? yes : inFiles(target, values));
    }
    default: {
      const near = closest(kind, kinds);
      return refuse(
        key,
        `'${text}' selects nothing: there is no '${kind}:'.`,
        near ? `Did you mean '${near}:'?` : `Use a glob, or one of ${kinds.map((each) => `${each}:`).join(', ')}.`,
      );
    }
  }
}
const kinds = ['package', 'layer', 'tag', 'module', 'deployable'];

function pattern(text: string, key: Key, refuse: Refuse, given?: readonly string[]) {
  const compiled = compilePattern(text, given);
  if (typeof compiled === 'string') return refuse(key, `'${text}' is no pattern: ${compiled}.`, 'Correct the pattern.');
  return compiled;
}
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
const listOf = (given: string | readonly string[]): readonly string[] => (typeof given === 'string' ? [given] : given);
function first<T, R>(list: readonly T[], find: (each: T) => R | undefined): R | undefined {
  for (const each of list) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
function memo<R>(compute: (path: Path) => R): (path: Path) => R {
  const known = new Map<Path, R>();
  return (path) => {
    if (!known.has(path)) known.set(path, compute(path));
    return known.get(path)!;
  };
}
