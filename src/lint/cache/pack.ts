import type { ExtractedFile, Fact, NameFact } from '../../model/facts.ts';
import { type Kept, nothingKept } from './memory.ts';

/**
 * What is kept as text: a line with links and findings, then a line for each file with its key, its content's id, its
 * facts, its names and the rest. A field is JSON, and a file's are not parsed before somebody asks for them. Most facts are
 * imports and exports at the top of a file, and those are a few texts and numbers in a row; any other is written as it is.
 */
export const pack = ({ facts, ...layers }: Kept): string =>
  [JSON.stringify(layers), ...Object.entries(facts).map(([key, [id, file]]) => lineOf(key, id, file))].join('\n');

/** Undefined, of nothing that was kept. */
export function unpack(text: string | undefined): Kept {
  if (text === undefined) return nothingKept;
  const [layers = '', ...lines] = text.split('\n');
  return { ...(JSON.parse(layers) as Omit<Kept, 'facts'>), facts: Object.fromEntries(lines.map(fileIn)) };
}

/** What was kept of one file, without looking at any other. */
export function factsOf(text: string, key: string): ExtractedFile | undefined {
  const start = text.indexOf(`\n${JSON.stringify(key)}\t`);
  if (start === -1) return undefined;
  const end = text.indexOf('\n', start + 1);
  return fileIn(text.slice(start + 1, end === -1 ? undefined : end))[1][1];
}

/** Lines that files were read from: they are written again as they are. */
const written = new WeakMap<ExtractedFile, string>();

function lineOf(key: string, id: string, file: ExtractedFile): string {
  const known = written.get(file);
  if (known !== undefined) return known;
  const { path: _, facts, names, ...rest } = file;
  const fields = [key, id, facts.flatMap(rowsOf), names.flatMap(rowsOf), rest];
  return fields.map((field) => JSON.stringify(field)).join('\t');
}

function fileIn(line: string): [key: string, [id: string, file: ExtractedFile]] {
  const [key = '', id = '', facts = '', names = '', rest = ''] = line.split('\t');
  const own = JSON.parse(key) as string;
  let known: readonly Fact[] | undefined;
  let reachable: readonly NameFact[] | undefined;
  const file: ExtractedFile = {
    // `!path` is the file read whole.
    path: own.replace(/^!/, ''),
    ...restIn(rest),
    get facts() {
      known ??= factsIn(facts);
      return known;
    },
    get names() {
      reachable ??= factsIn(names) as readonly NameFact[];
      return reachable;
    },
  };
  written.set(file, line);
  return [own, [JSON.parse(id) as string, file]];
}

type Rest = Omit<ExtractedFile, 'path' | 'facts' | 'names'>;
/** Of most files it is the same text. */
const rests = new Map<string, Rest>();
function restIn(text: string): Rest {
  const known = rests.get(text) ?? (JSON.parse(text) as Rest);
  if (known.functions.length === 0 && known.gaps.length === 0) rests.set(text, known);
  return known;
}

type Row = string | number | Fact;
function rowsOf(fact: Fact): Row[] {
  const { kind, span } = fact;
  if (fact.fn !== -1 || fact.loop !== 0 || fact.tx) return [fact];
  if (kind === 'import') return ['import', ...span, fact.spec, fact.form, Number(fact.typeOnly)];
  const isOwn = kind === 'export' && fact.sym.from === undefined && fact.sym.path.length === 1;
  return isOwn && fact.sym.path[0] === fact.name ? ['export', ...span, fact.name] : [fact];
}

function factsIn(text: string): Fact[] {
  const rows = JSON.parse(text) as readonly Row[];
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
