import { type Loaded, readArchitecture } from '../../blueprint/load.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';
import { checkDelegates, globsOf, read, readFragments } from './fragments.ts';
import { filesBelow, folderIn } from './owner.ts';
import { matcher } from './patterns.ts';
import { covering } from './scope.ts';

export const ARCHITECTURE = 'architecture.yaml';
export const ARCHITECTURES = [ARCHITECTURE, 'architecture.yml'];

/**
 * The system's own description, with what its modules say of themselves; undefined when the repository has none. Throws a
 * `KnownError` with line and column.
 */
export function loadArchitecture(workspace: Workspace): Loaded | undefined {
  const [path, second] = ARCHITECTURES.filter((name) => workspace.files.has(name));
  if (path === undefined) return undefined;
  if (second !== undefined)
    throw new KnownError(`There is both an ${path} and an ${second}.`, {
      place: { file: second },
      next: 'Keep one of them.',
    });
  const { architecture, at } = readArchitecture(read(workspace, path), path);
  const root: Loaded = { architecture, at, fragments: [] };
  checkDelegates(root);
  const fragments = readFragments(workspace, root, path);
  const modules = Object.entries(architecture.modules ?? {}).map(([name, module]) => {
    const uses = fragments.find((fragment) => fragment.module === name)?.settings.uses ?? module.uses;
    return [name, { ...module, ...(uses && { uses }) }] as const;
  });
  return {
    architecture: { ...architecture, ...(architecture.modules && { modules: Object.fromEntries(modules) }) },
    at,
    fragments,
  };
}

/** Which files `lint.ignore` leaves out, of the root and of modules that may. */
export function ignoring(loaded: Loaded | undefined): (path: Path) => boolean {
  const scopes = [
    { paths: loaded?.architecture.lint?.ignore ?? [] },
    ...(loaded?.fragments ?? []).map(({ within, settings }) => ({ within, paths: settings.lint?.ignore ?? [] })),
  ].map(covering);
  return (path) => scopes.some((covers) => covers(path));
}

/** Patterns that people wrote must match something: a typing error would switch a rule off in silence. */
export function checkPatterns(loaded: Loaded, paths: Iterable<Path>): void {
  const { lint = {}, modules = {} } = loaded.architecture;
  const all = [...paths];
  const below = filesBelow(
    all,
    Object.values(modules).map(({ path }) => folderIn(path)),
  );
  const check = (pattern: string, key: readonly (string | number)[], under = '', own: readonly Path[] = all) => {
    const matches = matcher([pattern]);
    if (own.some((path) => path.startsWith(under) && matches(path.slice(under.length)))) return;
    throw new KnownError(`${key.slice(0, -1).join('.')}: '${pattern}' matches no file.`, {
      place: loaded.at(key),
      next: 'Correct the pattern, or remove it if what it meant is gone.',
    });
  };
  const each = <T>(list: readonly T[] | undefined, work: (item: T, index: number) => void) => {
    for (const [index, item] of (list ?? []).entries()) work(item, index);
  };
  each(lint.ignore, (pattern, i) => check(pattern, ['lint', 'ignore', i]));
  each(lint.unchecked, ({ path }, i) => check(path, ['lint', 'unchecked', i, 'path']));
  each(lint.overrides, ({ paths: globs }, i) => {
    each(globs, (pattern, j) => check(pattern, ['lint', 'overrides', i, 'paths', j]));
  });
  each(lint.suppress, ({ path }, i) => {
    if (path !== undefined) check(path, ['lint', 'suppress', i, 'path']);
  });
  const folders = new Map<Path, string>();
  for (const [name, module] of Object.entries(modules)) {
    const at = folderIn(module.path);
    const other = folders.get(at);
    if (other !== undefined)
      throw new KnownError(`modules.${name}: '${module.path}' is the folder of ${other}.`, {
        place: loaded.at(['modules', name, 'path']),
        next: 'Give each module a folder of its own.',
      });
    folders.set(at, name);
    const own = below.get(at)!;
    const folder = at && `${at}/`;
    if (own.length === 0) check(`${folder}**`, ['modules', name, 'path']);
    each(module.public, (pattern, i) =>
      check(pattern, ['modules', name, 'public', i], folder, own.length > 0 ? own : all),
    );
  }
  for (const { module, within, settings, at } of loaded.fragments) {
    for (const [pattern, key] of globsOf(settings.lint ?? {})) {
      if (all.some(covering({ paths: [pattern], within }))) continue;
      throw new KnownError(`${key.slice(0, -1).join('.')}: '${pattern}' matches no file of ${module}.`, {
        place: at(key),
        next: 'Correct the pattern, or remove it if what it meant is gone.',
      });
    }
  }
}
