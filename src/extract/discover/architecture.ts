import { type Loaded, readArchitecture } from '../../blueprint/load.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';
import { textOf } from '../workspace/text.ts';
import { matcher } from './patterns.ts';

export const ARCHITECTURE = 'architecture.yaml';

/** The system's own description; undefined when the repository has none. Throws a `KnownError` with line and column. */
export function loadArchitecture(workspace: Workspace): Loaded | undefined {
  const path = [ARCHITECTURE, 'architecture.yml'].find((name) => workspace.files.has(name));
  const bytes = path === undefined ? undefined : workspace.read(path);
  return bytes && readArchitecture(textOf(bytes), path ?? ARCHITECTURE);
}

/** Patterns that people wrote must match something: a typing error would switch a rule off in silence. */
export function checkPatterns(loaded: Loaded, paths: Iterable<Path>): void {
  const { lint = {}, modules = {} } = loaded.architecture;
  const all = [...paths];
  const check = (pattern: string, key: readonly (string | number)[], under = '') => {
    const matches = matcher([pattern]);
    if (all.some((path) => path.startsWith(under) && matches(path.slice(under.length)))) return;
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
  for (const [name, module] of Object.entries(modules)) {
    check(`${module.path}/**`, ['modules', name, 'path']);
    each(module.public, (pattern, i) => check(pattern, ['modules', name, 'public', i], `${module.path}/`));
  }
}
