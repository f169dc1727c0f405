import type { DependencyType, ModuleSystemType } from 'dependency-cruiser';
import { suspicious } from '../../../extract/typescript/guard.ts';
import {
  bestEngine,
  type Comment,
  type Engine,
  type Node,
  type Parsed,
  parse,
} from '../../../extract/typescript/parse.ts';
import { kindOf, list } from '../../../extract/typescript/syntax.ts';
import type { Path } from '../../../model/facts.ts';
import { jsDocImports } from './jsdoc.ts';

/** An import in dependency-cruiser's terms, before it is resolved. */
export interface RawImport {
  readonly module: string;
  readonly moduleSystem: ModuleSystemType;
  readonly dynamic: boolean;
  readonly exoticallyRequired: boolean;
  readonly exoticRequire?: string;
  readonly dependencyTypes: readonly DependencyType[];
}
/** The options of dependency-cruiser that decide what is an import. */
export interface FormOptions {
  readonly exoticRequireStrings?: readonly string[];
  readonly detectProcessBuiltinModuleCalls?: boolean;
  readonly detectImportsInAmbientModules?: boolean;
  readonly detectJSDocImports?: boolean;
}

/**
 * The imports of one file as dependency-cruiser's TypeScript extraction sees them, in its order: `import`, `export`,
 * `import x = require()`, directives, then whatever is nested. Undefined where our parser does not understand the file, or
 * may not survive it: the compiler recovers from broken syntax and still finds imports there.
 */
export function importsOf(
  path: Path,
  text: string,
  options: FormOptions = {},
  engine: Engine = bestEngine(),
): readonly RawImport[] | undefined {
  if (suspicious(text) !== undefined || unknownToCompiler.test(text)) return undefined;
  const found = attempt(path, text, options, engine);
  if (found === undefined || engine !== 'lazy') return found?.imports;
  // The fast tree hides some places where a type may stand; a comment that says `import(` only costs time.
  const written = text.match(/\bimport\s*\(/g)?.length ?? 0;
  return written === found.calls ? found.imports : attempt(path, text, options, 'plain')?.imports;
}

/** Whether an import may stand anywhere but at the top. */
const nesting = /\brequire\b|\bgetBuiltinModule\b|\bimport\s*(?:\(|\/[/*]|\.(?!\s*meta\b))/;

/** Syntax that our parser knows and the compiler does not: what it makes of it is its own affair. */
const unknownToCompiler = /\bimport\s*(?:\.\s*)?source\b/;

function attempt(path: Path, text: string, options: FormOptions, engine: Engine) {
  const parsed = parse(path, text, engine);
  try {
    return parsed.errors.every((error) => harmless.test(error)) ? extract(parsed, options) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    parsed.dispose();
  }
}

/** Errors about the meaning of a file, after which the tree is complete nevertheless. */
const harmless =
  /^Missing initializer in const declaration|^A type-only import can specify a default import or named|^A 'declare' modifier cannot be used in an already ambient/;

function extract(parsed: Parsed, options: FormOptions): { imports: RawImport[]; calls: number } | undefined {
  const documented = options.detectJSDocImports ? jsDocImports(parsed) : [];
  if (documented === 'unclear') return undefined;
  const body = list(parsed.program.body);
  const statements = options.detectImportsInAmbientModules ? body.flatMap(withModuleBlocks) : body;
  const braces: Braces = (node) => parsed.text.slice(node.start, node.source.start).includes('{');
  const nested: RawImport[] = [];
  let calls = 0;
  if (nesting.test(parsed.text) || options.exoticRequireStrings?.length) {
    parsed.walk({
      ImportExpression: ({ source }) => {
        calls++;
        push(nested, textOf(source), 'es6', ['dynamic-import'], { dynamic: true });
      },
      TSImportType: (node) => {
        calls++;
        push(nested, textOf(node.source ?? node.argument?.literal ?? node.argument), 'es6', ['type-import']);
      },
      CallExpression: (node) => nested.push(...requires(node, options)),
    });
  }
  return {
    imports: [
      ...statements.flatMap(fromImport(braces)),
      ...statements.flatMap(fromExport(braces)),
      ...statements.flatMap(fromImportEquals),
      ...directives(parsed),
      ...documented,
      ...nested,
    ],
    calls,
  };
}

const raw = (
  module: string,
  moduleSystem: ModuleSystemType,
  dependencyTypes: readonly DependencyType[],
  more: Partial<RawImport> = {},
): RawImport => ({ dynamic: false, module, moduleSystem, exoticallyRequired: false, dependencyTypes, ...more });
function push(
  into: RawImport[],
  module: string | undefined,
  system: ModuleSystemType,
  types: readonly DependencyType[],
  more?: Partial<RawImport>,
): void {
  if (module !== undefined) into.push(raw(module, system, types, more));
}

type Braces = (node: Node) => boolean;
const fromImport =
  (braces: Braces) =>
  (node: Node): RawImport[] => {
    if (node.type !== 'ImportDeclaration' || !node.source) return [];
    return [raw(node.source.value, 'es6', typeOnly(node, 'importKind', braces) ? ['type-only', 'import'] : ['import'])];
  };
const fromExport =
  (braces: Braces) =>
  (node: Node): RawImport[] => {
    if (!/^Export(?:Named|All|From)/.test(node.type) || !node.source) return [];
    return [raw(node.source.value, 'es6', typeOnly(node, 'exportKind', braces) ? ['type-only', 'export'] : ['export'])];
  };
function fromImportEquals(statement: Node): RawImport[] {
  const node = statement.type.startsWith('Export') ? statement.declaration : statement;
  if (node?.type !== 'TSImportEqualsDeclaration') return [];
  const module: string | undefined = node.moduleReference?.expression?.value;
  return module ? [raw(module, 'cjs', ['import-equals'])] : [];
}
/** By clause, or by every name in braces: also by every one of none (`import {} from`), and whatever stands beside them. */
function typeOnly(node: Node, kind: 'importKind' | 'exportKind', braces: Braces): boolean {
  if (node[kind] === 'type') return true;
  if (node.type === 'ExportAllDeclaration' || !braces(node)) return false;
  return list(node.specifiers)
    .filter(({ type }) => type === 'ImportSpecifier' || type === 'ExportSpecifier')
    .every((specifier) => specifier[kind] === 'type');
}

/** A statement with those of the module blocks in it: `declare module "x" { … }`, `namespace A.B { … }`. */
function withModuleBlocks(statement: Node): Node[] {
  const isModule = (node: Node) => /^TS(?:Module|ExternalModule|Namespace|Global)Declaration$/.test(node?.type ?? '');
  const declaration = isModule(statement) ? statement : statement.declaration;
  let body = isModule(declaration) ? declaration.body : undefined;
  while (isModule(body)) body = body.body;
  return body?.type === 'TSModuleBlock' ? [statement, ...list(body.body).flatMap(withModuleBlocks)] : [statement];
}

function requires(call: Node, options: FormOptions): RawImport[] {
  const module = textOf(list(call.arguments)[0]);
  if (module === undefined) return [];
  const callee = nameOf(call.callee);
  if (callee === 'require') return [raw(module, 'cjs', ['require'])];
  const exotic = options.exoticRequireStrings?.find((name) => name === callee);
  if (exotic !== undefined) {
    return [raw(module, 'cjs', ['exotic-require'], { exoticallyRequired: true, exoticRequire: exotic })];
  }
  const builtin = /^(?:globalThis\.)?process\.getBuiltinModule$/.test(callee ?? '');
  return builtin && options.detectProcessBuiltinModuleCalls ? [raw(module, 'cjs', ['process-get-builtin-module'])] : [];
}
/** `a`, `a.b` or `a.b.c`, as written. */
function nameOf(node: Node): string | undefined {
  const kind = kindOf(node);
  if (kind === 'name') return node.name;
  if (kind !== 'member' || node.property?.type === 'PrivateIdentifier') return undefined;
  const object = nameOf(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}
/** The text of a string or of a template without expressions. */
function textOf(node: Node): string | undefined {
  const kind = node ? kindOf(node) : undefined;
  if (kind === 'string') return node.value;
  return kind === 'template' && list(node.expressions).length === 0 ? node.quasis[0].value.cooked : undefined;
}

/** `/// <reference path|types>` and `<amd-dependency path>` in the comments before the first token. */
function directives({ comments, text }: Parsed): RawImport[] {
  if (!text.includes('///')) return [];
  const found = leading(comments, text).flatMap((comment) => directive(comment) ?? []);
  const of = (kind: Directive['kind']) =>
    found
      .filter((each) => each.kind === kind)
      .map(({ module, kind }) => raw(module, 'tsd', ['triple-slash-directive', kind]));
  return [
    ...of('triple-slash-file-reference'),
    ...of('triple-slash-type-reference'),
    ...of('triple-slash-amd-dependency'),
  ];
}
interface Directive {
  readonly kind: 'triple-slash-file-reference' | 'triple-slash-type-reference' | 'triple-slash-amd-dependency';
  readonly module: string;
}
function leading(comments: readonly Comment[], text: string): string[] {
  const found: string[] = [];
  let at = text.startsWith('#!') ? lineEnd(text, 0) : 0;
  for (const { span } of comments) {
    if (span[0] < at) continue;
    if (text.slice(at, span[0]).trim() !== '') break;
    found.push(text.slice(...span));
    at = span[1];
  }
  return found;
}
const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};
function directive(comment: string): Directive | undefined {
  const name = /^\/\/\/\s*<(\S+)\s.*?\/>/i.exec(comment)?.[1]?.toLowerCase();
  const value = (key: string): string | undefined => {
    const found = new RegExp(`\\s${key}\\s*=\\s*(?:'([^']*)'|"([^"]*)")`, 'i').exec(comment);
    return found ? (found[1] ?? found[2]) : undefined;
  };
  const path = value('path');
  if (name === 'amd-dependency') return path ? { kind: 'triple-slash-amd-dependency', module: path } : undefined;
  if (name !== 'reference' || value('no-default-lib') === 'true') return undefined;
  const types = value('types');
  if (types) return { kind: 'triple-slash-type-reference', module: types };
  if (value('lib')) return undefined;
  return path ? { kind: 'triple-slash-file-reference', module: path } : undefined;
}
