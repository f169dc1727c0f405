import type { FactMap, Span } from '../../model/facts.ts';
import { isRequire, type Scope, textOf } from './names.ts';
import type { Comment, Node } from './parse.ts';
import { locatedBy, resolvedBy, specifierIn } from './specifiers.ts';
import { list, spanOf } from './syntax.ts';

export type ImportFact = FactMap['import'];
type Add = (span: Span, fact: ImportFact) => void;

/** Handlers for every syntactic form that imports another file, named as both parsers name them; `scope` is that of the node. */
export function importHandlers(add: Add, text: string, scope: () => Scope): Record<string, (node: Node) => void> {
  const from = (node: Node, form: ImportFact['form'], typeOnly: boolean) => {
    const { source } = node;
    if (source) add(spanOf(source), { spec: source.value, form, typeOnly });
  };
  const literal = (node: Node, form: ImportFact['form'], typeOnly: boolean) => {
    const spec = textOf(node);
    if (spec !== undefined) add(spanOf(node), { spec, form, typeOnly });
  };
  return {
    ImportDeclaration: (node) => from(node, 'import', typeOnly(node, 'importKind', text)),
    ExportNamedDeclaration: (node) => {
      if (node.source) from(node, 'export', typeOnly(node, 'exportKind', text));
    },
    ExportFromDeclaration: (node) => from(node, 'export', typeOnly(node, 'exportKind', text)),
    ExportAllDeclaration: (node) => from(node, 'export', node.exportKind === 'type'),
    ImportExpression: ({ source }) => {
      if (source) add(spanOf(source), { spec: specifierIn(source, scope()), form: 'dynamic', typeOnly: false });
    },
    TSImportType: (node) => literal(node.source ?? node.argument?.literal ?? node.argument, 'type', true),
    TSImportEqualsDeclaration: (node) => {
      const source = node.moduleReference?.expression;
      if (source) literal(source, 'require', node.importKind === 'type');
    },
  };
}

/** By clause (`import type …`) or by every specifier (`import { type A, type B }`). */
function typeOnly(node: Node, kind: 'importKind' | 'exportKind', text: string): boolean {
  if (node[kind] === 'type') return true;
  if (!text.slice(node.start, node.source.start).includes('type')) return false;
  const specifiers = list(node.specifiers);
  return specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type');
}

/** What a call brings in or only names: `require('x')`, `require.resolve('x')`. */
export function importOf(call: Node, scope: Scope): { readonly span: Span; readonly fact: ImportFact } | undefined {
  const [first] = list(call.arguments);
  if (first && isRequire(call, scope))
    return { span: spanOf(first), fact: { spec: specifierIn(first, scope), form: 'require', typeOnly: false } };
  return named(resolvedBy(call, scope));
}
/** The file that `new URL(…, import.meta.url)` names. */
export const fileOf = (creation: Node, text: string) => named(locatedBy(creation, text));
const named = (node: Node | undefined) =>
  node && { span: spanOf(node), fact: { spec: textOf(node)!, form: 'other' as const, typeOnly: false } };
/** Whether a call or a `new URL` may name a file, and whether an `import()` has more than a string in it. */
export const mayRequire = (text: string): boolean =>
  (text.includes('equire') && /\b(?:r|createR)equire\b/.test(text)) ||
  (text.includes('import.meta') && /\bimport\.meta\.(?:resolve|url)\b/.test(text)) ||
  (text.includes('import') && /\bimport\s*\(\s*(?!['"]|`[^`$]*`)/.test(text));

/** `/// <reference path="…" />` and `types="…"`: imports of types, at the top of the file. */
export function tripleSlash(comments: readonly Comment[], text: string, add: Add): void {
  for (const { span, text: comment } of comments) {
    if (!comment.startsWith('/') || text[span[0] + 1] !== '/') continue;
    const found = /^\/\s*<reference\s+(path|types)\s*=\s*(["'])(.+?)\2/d.exec(comment);
    if (!found) continue;
    const [start, end] = found.indices![3]!;
    const path = found[3]!;
    const spec = found[1] === 'path' && !/^[./]/.test(path) ? `./${path}` : path;
    add([span[0] + 2 + start, span[0] + 2 + end], { spec, form: 'type', typeOnly: true });
  }
}
