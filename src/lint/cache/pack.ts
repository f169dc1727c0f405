import type { Fact, FileFacts, Path } from '../../model/facts.ts';
import { type Kept, nothingKept } from './memory.ts';

/**
 * Facts as they are written: most are imports and exports at the top of a file, and those are a few texts and numbers in
 * a row; any other is written as it is. Several times smaller than the facts themselves, to write and to read.
 */
type Row = string | number | Fact;
type PackedFile = readonly [id: string, rows: readonly Row[], more?: Omit<FileFacts, 'path' | 'facts'>];
export interface Packed extends Omit<Kept, 'facts'> {
  readonly facts: Readonly<Record<string, PackedFile>>;
}

export const pack = (kept: Kept): Packed => ({
  ...kept,
  facts: Object.fromEntries(
    Object.entries(kept.facts).map(([key, [id, { path: _, facts, ...more }]]): [string, PackedFile] => {
      const rows = facts.flatMap(rowsOf);
      const plain = Object.keys(more).length === 2 && more.functions.length === 0 && more.gaps.length === 0;
      return [key, plain ? [id, rows] : [id, rows, more]];
    }),
  ),
});

export const unpack = (packed: Packed | undefined): Kept =>
  packed === undefined
    ? nothingKept
    : {
        ...packed,
        facts: Object.fromEntries(
          Object.entries(packed.facts).map(([key, [id, rows, more = none]]) => [
            key,
            [id, { path: pathIn(key), ...more, facts: factsIn(rows) }],
          ]),
        ),
      };
const none = { functions: [], gaps: [] };
/** `!path` is the file read whole. */
const pathIn = (key: string): Path => key.replace(/^!/, '');

function rowsOf(fact: Fact): Row[] {
  const { kind, span } = fact;
  if (fact.fn !== -1 || fact.loop !== 0 || fact.tx) return [fact];
  if (kind === 'import') return ['import', ...span, fact.spec, fact.form, Number(fact.typeOnly)];
  const isOwn = kind === 'export' && fact.sym.from === undefined && fact.sym.path.length === 1;
  return isOwn && fact.sym.path[0] === fact.name ? ['export', ...span, fact.name] : [fact];
}

function factsIn(rows: readonly Row[]): Fact[] {
  const facts: Fact[] = [];
  for (let i = 0; i < rows.length; ) {
    const row = rows[i++]!;
    if (typeof row === 'object') {
      facts.push(row);
      continue;
    }
    const span = [rows[i++], rows[i++]] as unknown as Fact['span'];
    if (row === 'import') {
      const [spec, form, typeOnly] = [rows[i++] as string, rows[i++] as Fact<'import'>['form'], rows[i++] === 1];
      facts.push({ spec, form, typeOnly, kind: 'import', span, fn: -1, loop: 0, tx: false });
    } else {
      const name = rows[i++] as string;
      facts.push({ name, sym: { path: [name] }, kind: 'export', span, fn: -1, loop: 0, tx: false });
    }
  }
  return facts;
}
