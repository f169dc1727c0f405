import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLParseError } from 'yaml';
import type { ExtractedFile, Gap, Span } from '../model/facts.ts';
import { type Collector, collector } from './collect.ts';
import { emitSuppressions, hashComments } from './comments.ts';
import type { Source } from './language.ts';
import { textOf } from './workspace/text.ts';

/** A YAML value with its place in the file; aliases and merge keys are already followed. */
export interface Yaml {
  readonly span: Span;
  readonly is: 'map' | 'list' | 'scalar' | 'null';
  /** A scalar as text: `3000`, `true` and `"x"` are all text where files mean them so. */
  readonly text: string | undefined;
  /** An explicit tag of the file's own, as CloudFormation's `!Ref`. */
  readonly tag?: string;
  get(key: string): Yaml | undefined;
  entries(): readonly { readonly key: string; readonly span: Span; readonly value: Yaml }[];
  items(): readonly Yaml[];
}
interface YamlFile {
  readonly root: Yaml | undefined;
  readonly problem: Pick<Gap, 'why' | 'detail' | 'span'> | undefined;
}

/** Configuration of this size is data or hostile. */
const sizeLimit = 1_000_000;
/** Values that one file may stand for after aliases: an "alias bomb" has millions. */
const valueLimit = 200_000;

/** Facts of one file: its suppressions, a gap for what cannot be read, and what `read` sees in the rest. */
export function yamlFacts({ path, bytes }: Source, read: (root: Yaml, out: Collector) => void): ExtractedFile {
  const out = collector(path);
  const text = textOf(bytes);
  const { root, problem } = readYaml(text);
  emitSuppressions(text, out.emit, () => hashComments(text));
  if (problem) out.gap(problem.why, problem.detail, problem.span);
  if (root) read(root, out);
  return out.finish();
}

/** Reads one document. Never throws: what cannot be read is a problem with its place. */
function readYaml(text: string): YamlFile {
  if (text.length > sizeLimit)
    return { root: undefined, problem: { why: 'too-big', detail: `more than ${sizeLimit} characters` } };
  try {
    // Checking keys for being unique is quadratic in the library, and duplicates do no harm here: the last one counts.
    const document = parseDocument(text, {
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const [error] = document.errors;
    // The library may point behind the last character.
    const within = (offset: number) => Math.min(offset, text.length);
    const problem = error && { ...reasonOf(error), span: [within(error.pos[0]), within(error.pos[1])] as Span };
    const budget = { left: valueLimit };
    return { root: document.contents ? view(document.contents, document, budget) : undefined, problem };
  } catch (error) {
    if (error instanceof RangeError)
      return { root: undefined, problem: { why: 'too-deep', detail: 'nested too deeply to read' } };
    throw error;
  }
}

/** The library reports its own stack overflow as an error of the file. */
const reasonOf = ({ message }: YAMLParseError): Pick<Gap, 'why' | 'detail'> =>
  /call stack/i.test(message)
    ? { why: 'too-deep', detail: 'nested too deeply to read' }
    : { why: 'parse', detail: message };

interface Budget {
  left: number;
}
class TooManyValues extends RangeError {}

function view(node: unknown, document: Document, budget: Budget): Yaml {
  budget.left -= 1;
  if (budget.left < 0) throw new TooManyValues('more values than a configuration file has');
  const target = isAlias(node) ? node.resolve(document) : (node as Node | null);
  const range = (isAlias(node) ? node.range : (target as Node | null)?.range) ?? [0, 0, 0];
  const span: Span = [range[0], range[1]];
  if (isMap(target)) {
    const entries = lazy(() => entriesOf(target, document, budget));
    return {
      span,
      is: 'map',
      text: undefined,
      get: (key) => entries().findLast((entry) => entry.key === key)?.value,
      entries,
      items: () => [],
    };
  }
  const items = isSeq(target) ? lazy(() => target.items.map((item) => view(item, document, budget))) : () => [];
  const isText = isScalar(target) && target.value !== null && target.value !== undefined;
  return {
    span,
    is: isSeq(target) ? 'list' : isText ? 'scalar' : 'null',
    text: isText ? writtenIn(target as { value: unknown; source?: string }) : undefined,
    ...(isScalar(target) && target.tag?.startsWith('!') ? { tag: target.tag } : {}),
    get: () => undefined,
    entries: () => [],
    items,
  };
}

const writtenIn = ({ value, source }: { value: unknown; source?: string }) =>
  typeof value === 'string' ? value : (source ?? String(value));

/** Own keys win over merged ones (`<<: *base`), whatever their order. */
function entriesOf(map: { items: readonly { key: unknown; value: unknown }[] }, document: Document, budget: Budget) {
  const own = new Map<string, { key: string; span: Span; value: Yaml }>();
  const merged = new Map<string, { key: string; span: Span; value: Yaml }>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name === undefined) continue;
    const seen = view(value, document, budget);
    if (name !== '<<') {
      const range = (isScalar(key) && key.range) || seen.span;
      own.set(name, { key: name, span: [range[0], range[1]], value: seen });
      continue;
    }
    for (const base of seen.is === 'list' ? seen.items() : [seen]) {
      for (const entry of base.entries()) if (!merged.has(entry.key)) merged.set(entry.key, entry);
    }
  }
  return [...own.values(), ...[...merged.values()].filter(({ key }) => !own.has(key))];
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
