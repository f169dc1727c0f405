import { isNode, parseDocument } from 'yaml';
import { text } from '../blueprint/save.ts';
import { json } from '../plan/print.ts';

/**
 * Three-way merge by key of a file that a person and the generator both edit: what only one side changed is taken, and
 * where both changed one value the person's stays. Lists of scalars take additions and removals of both sides.
 * Undefined when a side cannot be parsed or the format has no keys.
 */
export function merged(path: string, base: string, mine: string, theirs: string): string | undefined {
  try {
    if (path.endsWith('.json')) {
      const value = merge(JSON.parse(base), JSON.parse(mine), JSON.parse(theirs));
      return json(value, path.endsWith('package.json') ? 0 : 120);
    }
    if (/\.ya?ml$/.test(path)) return mergeYaml(base, mine, theirs);
  } catch {
    return undefined;
  }
  return undefined;
}

type Entries = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalarList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function merge(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (same(mine, base)) return theirs;
  if (same(theirs, base) || same(mine, theirs)) return mine;
  if (isRecord(mine) && isRecord(theirs)) {
    const origin = isRecord(base) ? base : {};
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    const entries = keys.map((key) => [key, merge(origin[key], mine[key], theirs[key])] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (isScalarList(mine) && isScalarList(theirs)) {
    const origin = isScalarList(base) ? base : [];
    const dropped = new Set(origin.filter((item) => !theirs.includes(item)));
    const added = theirs.filter((item) => !origin.includes(item) && !mine.includes(item));
    return [...mine.filter((item) => !dropped.has(item)), ...added];
  }
  return mine;
}

/** Edits the person's document in place, so that comments and order stay. */
function mergeYaml(base: string, mine: string, theirs: string): string | undefined {
  const origin = parseDocument(base);
  const document = parseDocument(mine);
  const planned = parseDocument(theirs);
  if (document.errors.length > 0) return undefined;
  const apply = (path: readonly string[], from: unknown, to: unknown): void => {
    if (same(from, to)) return;
    if (isRecord(from) && isRecord(to)) {
      for (const key of Object.keys(from)) if (!(key in to)) document.deleteIn([...path, key]);
      for (const [key, value] of Object.entries(to)) apply([...path, key], from[key], value);
      return;
    }
    const styled = planned.getIn(path, true);
    document.setIn(path, isNode(styled) && same(styled.toJSON(), to) ? styled : document.createNode(to));
  };
  apply([], document.toJS(), merge(origin.toJS(), document.toJS(), planned.toJS()));
  return text(document);
}
