import { type CallExpression, Node, type ObjectLiteralExpression, Project, type SourceFile } from 'ts-morph';
import type { Path, Span } from '../../model/facts.ts';

export interface Repair {
  /** Where the call is. */
  readonly span: Span;
  /** `fetch`, `axios.get`, `undici.request`. */
  readonly api: string;
}
export interface Repaired {
  readonly text: string;
  readonly done: readonly { readonly repair: Repair; readonly edit: Replacement }[];
  /** Calls that a program should not touch, with the reason. */
  readonly left: readonly { readonly repair: Repair; readonly why: string }[];
}

/** Long enough for a slow answer, far shorter than for ever; the person who reads the change knows better. */
const LIMIT = '5_000';

/** What stands in a span of the file gives way to a text. */
export interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/**
 * Adds a timeout to calls of fetch, axios and undici in one file. Only what cannot change another meaning is edited: an
 * options object written in place, or a missing one. Everything else stays as it is, byte for byte.
 */
export function addTimeouts(path: Path, text: string, repairs: readonly Repair[]): Repaired {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true },
  });
  const file = project.createSourceFile(`/${path}`, text);
  const done: Repaired['done'][number][] = [];
  const left: Repaired['left'][number][] = [];
  for (const repair of repairs) {
    const edit = editOf(file, repair);
    if (typeof edit === 'string') left.push({ repair, why: edit });
    else done.push({ repair, edit });
  }
  // From the end, so that an edit moves nothing that is still to be edited.
  const edited = done
    .map(({ edit }) => edit)
    .toSorted((a, b) => b.span[0] - a.span[0])
    .reduce((all, { span: [start, end], text: insert }) => all.slice(0, start) + insert + all.slice(end), text);
  return { text: edited, done, left };
}

/** The edit of one call, or why there is none. */
function editOf(file: SourceFile, { span, api }: Repair): Replacement | string {
  const call = callAt(file, span);
  if (!call) return 'the call is not where it was';
  const [library = '', verb = ''] = api.split('.');
  const axios = library === 'axios' || library === 'HttpService';
  if (!axios && library !== 'fetch' && library !== 'undici') return `${api} takes its timeout in another way`;
  const index = !axios ? 1 : verb === '' || verb === 'request' ? 0 : /^(?:post|put|patch)/.test(verb) ? 2 : 1;
  const [name, value] = axios ? ['timeout', LIMIT] : ['signal', `AbortSignal.timeout(${LIMIT})`];
  const args = call.getArguments();
  if (args.some((argument) => Node.isSpreadElement(argument))) return 'its arguments are spread';
  const options = args[index];
  if (options) {
    return Node.isObjectLiteralExpression(options)
      ? intoObject(options, name, value)
      : 'its options are not written in place';
  }
  const last = args.at(-1);
  if (!last || args.length !== index) return 'an argument before the options is missing';
  return insertion(last.getEnd(), `, { ${name}: ${value} }`);
}

function intoObject(options: ObjectLiteralExpression, name: string, value: string): Replacement | string {
  const properties = options.getProperties();
  if (properties.some((property) => Node.isSpreadAssignment(property))) return 'its options are spread';
  const known = options.getProperty(name);
  if (known) {
    const initializer = Node.isPropertyAssignment(known) ? known.getInitializer() : undefined;
    return initializer
      ? { span: [initializer.getStart(), initializer.getEnd()], text: value }
      : `its ${name} is not written in place`;
  }
  const last = properties.at(-1);
  if (!last) return { span: [options.getStart(), options.getEnd()], text: `{ ${name}: ${value} }` };
  const ownLine = options.getStartLineNumber() !== last.getStartLineNumber();
  const indent = ownLine ? lineStart(options.getSourceFile().getFullText(), last) : ' ';
  return insertion(last.getEnd(), `,${indent}${name}: ${value}`);
}

/** A line end as the file has them, and the white space before a node. */
function lineStart(text: string, node: Node): string {
  const before = text.slice(node.getStartLinePos(), node.getStart()).replace(/\S/g, ' ');
  return (text.includes('\r\n') ? '\r\n' : '\n') + before;
}

const insertion = (at: number, text: string): Replacement => ({ span: [at, at], text });

function callAt(file: SourceFile, [start, end]: Span): CallExpression | undefined {
  let node: Node | undefined = file.getDescendantAtPos(start);
  while (node) {
    if (Node.isCallExpression(node) && node.getStart() === start && node.getEnd() === end) return node;
    node = node.getParent();
  }
  return undefined;
}
