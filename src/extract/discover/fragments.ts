import { type Fragment, type Key, type Loaded, readFragment } from '../../blueprint/load.ts';
import { closest } from '../../blueprint/nearest.ts';
import type { delegatedKeys } from '../../blueprint/schema.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';
import { textOf } from '../workspace/text.ts';
import { folderIn } from './owner.ts';
import { matcher } from './patterns.ts';
import { isArchitecture } from './scope.ts';

/**
 * What modules say of themselves: every `architecture.yaml` below the root's that `lint.ignore` does not leave out. Throws
 * a `KnownError` for one that is in no module's own folder, speaks of files elsewhere, or uses what the root does not let it.
 */
export function readFragments(workspace: Workspace, root: Loaded, rootPath: Path): readonly Fragment[] {
  const ignored = matcher(root.architecture.lint?.ignore ?? []);
  const modules = Object.entries(root.architecture.modules ?? {}).map(
    ([name, { path }]) => [folderIn(path), name] as const,
  );
  const byFolder = new Map(modules.toReversed());
  const fragments = [...workspace.files.keys()]
    .filter((path) => path.includes('/') && isArchitecture(path) && !ignored(path))
    .map((path): Fragment => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const module = byFolder.get(folder);
      if (module === undefined) throw outside(path, rootPath);
      const { value, at } = readFragment(read(workspace, path), path);
      const except = modules.flatMap(([inner]) => (inner.startsWith(`${folder}/`) ? [inner] : []));
      return { module, within: { folder, except }, settings: value, at };
    });
  const twice = fragments.find(({ module }, i) => fragments.findIndex((each) => each.module === module) < i);
  if (twice)
    throw new KnownError(`The module ${twice.module} has both an architecture.yaml and an architecture.yml.`, {
      place: { file: twice.at([]).file },
      next: 'Keep one of them.',
    });
  for (const fragment of fragments) checkFragment(fragment, root);
  return fragments;
}

/** The text of a file that must be readable: what it says may not be left out in silence. */
export function read(workspace: Workspace, path: Path): string {
  const bytes = workspace.read(path);
  if (bytes) return textOf(bytes);
  throw new KnownError('This cannot be read.', {
    place: { file: path },
    next: 'Make it readable and smaller than 100 MB.',
  });
}

const outside = (path: Path, root: Path): KnownError =>
  new KnownError(`This is in no folder of a module that ${root} names: nobody would follow it.`, {
    place: { file: path, line: 1, column: 1 },
    next: `Move it into the folder of a module; if it is about another system, name its folder in lint.ignore of ${root}.`,
  });

/** Whether the root lets a module loosen a key, or what is said of a rule. */
export function mayLoosen(
  root: Loaded,
  { module, within }: Pick<Fragment, 'module' | 'within'>,
  what: { readonly rule: string } | { readonly key: (typeof delegatedKeys)[number] },
): boolean {
  return (root.architecture.lint?.delegate ?? []).some(
    ({ to, rules = [], keys = [] }) =>
      listOf(to).some((each) => isFor(each, module, within.folder)) &&
      ('rule' in what ? rules.includes(what.rule) : keys.includes(what.key)),
  );
}
const isFor = (to: string, module: string, folder: Path) => to === module || matcher([to])(folder);
const listOf = (given: string | readonly string[]): readonly string[] => (typeof given === 'string' ? [given] : given);

/** Delegates must speak of a module. Throws a `KnownError` with the place of one that does not. */
export function checkDelegates({ architecture, at }: Loaded): void {
  const modules = Object.entries(architecture.modules ?? {});
  architecture.lint?.delegate?.forEach(({ to }, i) => {
    for (const [j, each] of listOf(to).entries()) {
      if (modules.some(([name, { path }]) => isFor(each, name, folderIn(path)))) continue;
      const near = closest(
        each,
        modules.map(([name]) => name),
      );
      throw new KnownError(`lint.delegate: '${each}' is no module, and matches the folder of none.`, {
        place: at(['lint', 'delegate', i, 'to', ...(typeof to === 'string' ? [] : [j])]),
        next: near ? `Did you mean '${near}'?` : 'Remove it, or correct it.',
      });
    }
  });
}

/** What needs no rule to be judged: keys that loosen, and globs that lead out of the folder. */
function checkFragment(fragment: Fragment, root: Loaded): void {
  const { module, settings, at } = fragment;
  const { lint = {} } = settings;
  const loosens = (key: (typeof delegatedKeys)[number], path: Key, message: string) => {
    if (mayLoosen(root, fragment, { key })) return;
    throw new KnownError(message, {
      place: at(path),
      next: `Remove it, or let the root allow it: lint: { delegate: [{ to: ${module}, keys: [${key}] }] }`,
    });
  };
  const rootUses = root.architecture.modules?.[module]?.uses ?? [];
  settings.uses?.forEach((used, i) => {
    const names = Object.keys(root.architecture.modules ?? {});
    if (!names.includes(used)) {
      const near = closest(used, names);
      throw new KnownError(`There is no module '${used}'.`, {
        place: at(['uses', i]),
        next: near ? `Did you mean '${near}'?` : `Its modules are ${names.join(', ')}.`,
      });
    }
    if (!rootUses.includes(used))
      loosens('uses', ['uses', i], `${module} may not use ${used} as the root says, and can only use less.`);
  });
  if (lint.ignore)
    loosens('ignore', ['lint', 'ignore'], `${module} may not leave files out: that loosens what the root says.`);
  if (lint.unchecked)
    loosens('unchecked', ['lint', 'unchecked'], `${module} may not accept gaps: that loosens what the root says.`);
  for (const [glob, path] of globsOf(lint)) {
    if (!/^\/|(?:^|\/)\.\.(?:\/|$)/.test(glob)) continue;
    throw new KnownError(`'${glob}' speaks of files outside of ${module}.`, {
      place: at(path),
      next: 'Paths are relative to the folder of this file; what is about others belongs into the root.',
    });
  }
}

/** Every glob that says which files are meant, with its place. */
export function* globsOf(lint: NonNullable<Fragment['settings']['lint']>): Iterable<readonly [string, Key]> {
  for (const [i, glob] of (lint.ignore ?? []).entries()) yield [glob, ['lint', 'ignore', i]];
  for (const [i, { path }] of (lint.unchecked ?? []).entries()) yield [path, ['lint', 'unchecked', i, 'path']];
  for (const [i, { paths }] of (lint.overrides ?? []).entries())
    for (const [j, glob] of paths.entries()) yield [glob, ['lint', 'overrides', i, 'paths', j]];
  for (const [i, { path }] of (lint.suppress ?? []).entries())
    if (path !== undefined) yield [path, ['lint', 'suppress', i, 'path']];
}
