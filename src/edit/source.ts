import {
  type ArrayLiteralExpression,
  type CallExpression,
  Node,
  type ObjectLiteralElementLike,
  type ObjectLiteralExpression,
  Project,
  type SourceFile,
  SyntaxKind,
} from 'ts-morph';
import { KnownError } from '../model/known-error.ts';

/** A person's file: `path` is only shown. */
export interface Text {
  readonly path: string;
  readonly text: string;
}
/** How a file is written: what is added follows it. */
interface Style {
  readonly quote: string;
  readonly end: '' | ';';
}
/** A file to edit. ts-morph tells where things stand; the text is edited at those offsets and nowhere else. */
export interface Source extends Text {
  readonly file: SourceFile;
  readonly style: Style;
  /** What the file needs, to be shown to a person when its shape is not the one that is known. */
  readonly lines: string;
}
export interface Insertion {
  readonly at: number;
  /** End of what it replaces; absent: nothing. */
  readonly to?: number;
  readonly text: string;
}

/** Columns that the generated systems' formatter allows. */
export const width = 120;

/** Throws a `KnownError` at the first line that is no TypeScript. `lines`: what a person would add by hand. */
export function open({ path, text }: Text, lines: string): Source {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true },
  });
  const lf = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const file = project.createSourceFile('/edited.ts', lf);
  const [first] = project.getProgram().getSyntacticDiagnostics(file);
  const some = file.getImportDeclarations()[0];
  const written = some?.getText() ?? `import '';`;
  const style: Style = { quote: written.includes('"') ? '"' : "'", end: written.endsWith(';') ? ';' : '' };
  const source = { path, text: lf, file, style, lines };
  if (first) throw unknownShape(source, 'it does not parse', first.getStart() ?? 0);
  return source;
}

/** All insertions at once, with the line ends and the byte order mark that the file had. */
export function edited(before: string, source: Source, insertions: readonly Insertion[]): string {
  const text = insertions
    .toSorted((a, b) => b.at - a.at)
    .reduce((all, { at, to = at, text: added }) => all.slice(0, at) + added + all.slice(to), source.text);
  const ends = before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  return before.startsWith('\uFEFF') ? `\uFEFF${ends}` : ends;
}

/** The file is not touched: a person gets the lines to add, and where. */
export function unknownShape({ path, file, lines }: Source, why: string, at: number): KnownError {
  const { line, column } = file.getLineAndColumnAtPos(at);
  const shown = lines
    .trimEnd()
    .split('\n')
    .map((text) => (text ? `      ${text}` : ''))
    .join('\n');
  return new KnownError(`This file is written in a way that is not edited here: ${why}. Nothing was written.`, {
    place: { file: path, line, column },
    next: `Add what is missing of these lines by hand, and run the same command again:\n\n${shown}\n`,
  });
}

/** The literal behind `as const`, `satisfies`, parentheses and a constant of the same file. */
export function literal(node: Node | undefined): Node | undefined {
  if (!node) return undefined;
  if (Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node))
    return literal(node.getExpression());
  if (!Node.isIdentifier(node)) return node;
  const declared = node.getSourceFile().getVariableDeclaration(node.getText())?.getInitializer();
  return declared && !Node.isIdentifier(declared) ? literal(declared) : declared;
}

/** The value of a property, also of a shorthand one. */
export function property(object: ObjectLiteralExpression, name: string): Node | undefined {
  const found = object.getProperties().find((one) => nameOf(one) === name);
  if (found && Node.isPropertyAssignment(found)) return found.getInitializer();
  if (found && Node.isShorthandPropertyAssignment(found)) return found.getNameNode();
  return undefined;
}

export function nameOf(one: ObjectLiteralElementLike): string | undefined {
  if (Node.isSpreadAssignment(one)) return undefined;
  return one.getName().replace(/^(['"])(.*)\1$/, '$2');
}
export const has = (object: ObjectLiteralExpression, name: string): boolean =>
  object.getProperties().some((one) => nameOf(one) === name);

/** Every call of `callee` in the file, in its order. */
export const callsOf = ({ file }: Source, callee: string): readonly CallExpression[] =>
  file.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => call.getExpression().getText() === callee);

/** The only call of `callee` in the file. */
export function callOf(source: Source, callee: string): CallExpression | undefined {
  const calls = callsOf(source, callee);
  return calls.length === 1 ? calls[0] : undefined;
}

const indentAt = (node: Node): string => /^[ \t]*/.exec(lineOf(node))?.[0] ?? '';
function lineOf(node: Node): string {
  const text = node.getSourceFile().getFullText();
  return text.slice(text.lastIndexOf('\n', node.getStart() - 1) + 1);
}

type List = ObjectLiteralExpression | ArrayLiteralExpression;
const itemsOf = (list: List): readonly Node[] =>
  Node.isArrayLiteralExpression(list) ? list.getElements() : list.getProperties();

/**
 * Adds `item` (its lines, without indentation) at the end of a literal, as a formatter would have it: on the line of the
 * others where all fit, else each on its own. Comments stay where they are.
 */
export function append({ text }: Source, list: List, item: string): Insertion[] {
  const items = itemsOf(list);
  const last = items.at(-1);
  const close = list.getEnd() - 1;
  const rest = last ? text.slice(last.getEnd(), close).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '') : '';
  const comma = last !== undefined && !rest.includes(',');
  const lineStart = text.lastIndexOf('\n', close - 1) + 1;
  if (lineStart > list.getStart() && text.slice(lineStart, close).trim() === '') {
    const own = last ? indentAt(last) : `${indentAt(list)}  `;
    return [
      ...(comma ? [{ at: last.getEnd(), text: ',' }] : []),
      { at: lineStart, text: `${indented(item, own)}${comma ? '' : ','}\n` },
    ];
  }
  const start = list.getStart() + 1;
  const inside = text.slice(start, close);
  if (/\n|\/\*/.test(inside))
    return [comma ? { at: last.getEnd(), text: `, ${item}` } : { at: close, text: last ? ` ${item}` : item }];
  const all = [...items.map((one) => one.getText()), item];
  const pad = Node.isArrayLiteralExpression(list) ? '' : ' ';
  const flat = `${pad}${all.join(', ')}${pad}`;
  const line = text.slice(text.lastIndexOf('\n', start) + 1, lineEnd(text, close)).length - inside.length + flat.length;
  if (!flat.includes('\n') && line <= width) return [{ at: start, to: close, text: flat }];
  const own = `${indentAt(list)}  `;
  const lines = all.map((one) => `${indented(one, own)},\n`).join('');
  return [{ at: start, to: close, text: `\n${lines}${indentAt(list)}` }];
}
const indented = (item: string, indent: string): string =>
  item
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');

/** The import of one name, beside those from the same place; nothing where it is imported already. */
export function importOf(source: Source, name: string, from: string): Insertion | undefined {
  const { file, style } = source;
  const all = file.getImportDeclarations();
  const known = all.some(
    (one) =>
      one.getModuleSpecifierValue() === from && one.getNamedImports().some((specifier) => specifier.getName() === name),
  );
  if (known) return undefined;
  const statement = `import { ${name} } from ${style.quote}${from}${style.quote}${style.end}`;
  const group = groupOf(from);
  const near = all.filter((one) => groupOf(one.getModuleSpecifierValue()) === group);
  const next = near.find((one) => one.getModuleSpecifierValue() > from);
  if (next) return { at: next.getStart(), text: `${statement}\n` };
  const last = near.at(-1) ?? all.at(-1);
  if (last) return { at: lineEnd(source.text, last.getEnd()), text: `\n${statement}` };
  return { at: file.getStatements()[0]?.getStart() ?? 0, text: `${statement}\n\n` };
}
const groupOf = (specifier: string): string => specifier.slice(0, specifier.lastIndexOf('/') + 1);
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
};

/** Every name that the file declares or imports at its top level. */
export function declared({ file }: Pick<Source, 'file'>): ReadonlySet<string> {
  return new Set(file.getLocals().map((symbol) => symbol.getName()));
}

/** Names that the file exports. */
export const exported = (text: Text): ReadonlySet<string> =>
  new Set(
    open(text, '')
      .file.getExportSymbols()
      .map((symbol) => symbol.getName()),
  );
