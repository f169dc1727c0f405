import { createRequire } from 'node:module';
import type { Language, Parser } from 'web-tree-sitter';
import type { Span } from '../../model/facts.ts';

export type GrammarName = 'java' | 'javascript' | 'python' | 'tsx' | 'typescript';

/** A syntax node copied out of WebAssembly memory: named nodes, and the keywords and operators between them. */
export interface SyntaxNode {
  readonly type: string;
  /** False for keywords and operators, whose type is their text. */
  readonly named: boolean;
  readonly field: string | undefined;
  readonly span: Span;
  readonly children: readonly SyntaxNode[];
}
export interface Parsed {
  readonly root: SyntaxNode;
  /** The first place that the grammar could not read. */
  readonly error: Span | undefined;
}
export interface Grammar {
  /** `too-deep`: nested beyond what the walkers, which recurse, accept. */
  parse(text: string): Parsed | 'too-deep';
}

/** Deeper nesting is generated or hostile; recursion over it could overflow the stack. */
const depthLimit = 800;
const punctuation = /^[(){}[\],;:."'`]$/;
const require = createRequire(import.meta.url);
const loaded = new Map<GrammarName, Promise<Grammar>>();
const ready = new Map<GrammarName, Grammar>();

/** Loads a grammar once per process; about 10 ms for the runtime and 5 ms for each grammar. */
export async function loadGrammar(name: GrammarName): Promise<Grammar> {
  const pending = loaded.get(name) ?? load(name);
  loaded.set(name, pending);
  const grammar = await pending;
  ready.set(name, grammar);
  return grammar;
}

/** A grammar that `loadGrammar` has loaded before. */
export function grammarOf(name: GrammarName): Grammar {
  const grammar = ready.get(name);
  if (!grammar) throw new Error(`the ${name} grammar is used before it is loaded`);
  return grammar;
}

async function load(name: GrammarName): Promise<Grammar> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  const language = await Language.load(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`));
  const parser = new Parser();
  parser.setLanguage(language);
  return { parse: (text) => copy(parser, language, text) };
}

interface Draft {
  type: string;
  named: boolean;
  field: string | undefined;
  span: Span;
  children: Draft[];
}

/** One iterative pass with a cursor: a node property read one by one would cross into WebAssembly each time. */
function copy(parser: Parser, language: Language, text: string): Parsed | 'too-deep' {
  const tree = parser.parse(text);
  if (!tree) throw new Error('tree-sitter gave no tree: no language is set or parsing was cancelled');
  const cursor = tree.walk();
  try {
    const draft = (): Draft => ({
      type: language.types[cursor.nodeTypeId] ?? cursor.nodeType,
      named: cursor.nodeIsNamed,
      field: cursor.currentFieldName ?? undefined,
      span: [cursor.startIndex, cursor.endIndex],
      children: [],
    });
    const root = draft();
    const open = [root];
    let error: Span | undefined;
    let descend = cursor.gotoFirstChild();
    while (open.length > 0) {
      if (!descend) {
        open.pop();
        if (open.length === 0 || !cursor.gotoParent()) break;
        descend = cursor.gotoNextSibling();
        continue;
      }
      const node = draft();
      if (!error && (node.type === 'ERROR' || cursor.nodeIsMissing)) error = node.span;
      if (node.named || !punctuation.test(node.type)) open.at(-1)?.children.push(node);
      if (cursor.gotoFirstChild()) {
        open.push(node);
        if (open.length > depthLimit) return 'too-deep';
      } else {
        descend = cursor.gotoNextSibling();
      }
    }
    return { root, error: error ?? (tree.rootNode.type === 'ERROR' ? root.span : undefined) };
  } finally {
    cursor.delete();
    tree.delete();
  }
}

export const child = (node: SyntaxNode, field: string): SyntaxNode | undefined =>
  node.children.find((each) => each.field === field);
export const textOf = ({ text }: { readonly text: string }, { span }: SyntaxNode): string => text.slice(...span);
export const childOf = (node: SyntaxNode, ...types: readonly string[]): SyntaxNode | undefined =>
  node.children.find((each) => types.includes(each.type));
export const childrenOf = (node: SyntaxNode, ...types: readonly string[]): SyntaxNode[] =>
  node.children.filter((each) => types.includes(each.type));
