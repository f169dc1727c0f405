import * as oxc from 'oxc-parser';
import type { Path, Span } from '../../model/facts.ts';
import { type EsNode, toEstree } from '../tree-sitter/estree.ts';
import { grammarOf, type SyntaxNode } from '../tree-sitter/syntax.ts';

/** A node of either parser. The two name nodes and a few fields differently; `syntax.ts` knows how. */
// biome-ignore lint/suspicious/noExplicitAny: two foreign trees meet here, one of them without types
export type Node = any;
/** `tree-sitter` needs its grammars loaded first (`loadGrammar`): it is the independent witness of the other two. */
export type Engine = 'lazy' | 'plain' | 'tree-sitter';
/** Called with each node of a type, on entry (`Type`) or on exit (`Type:exit`). */
export type Handlers = Readonly<Record<string, (node: Node) => void>>;

export interface Comment {
  readonly span: Span;
  /** Without its markers. */
  readonly text: string;
}
export interface Parsed {
  readonly engine: Engine;
  readonly text: string;
  readonly program: Node;
  readonly comments: readonly Comment[];
  /** Messages of the parser; any of them means that the tree is incomplete. */
  readonly errors: readonly string[];
  walk(handlers: Handlers): void;
  dispose(): void;
}

/** Whether the fast engine works here: it needs a large virtual buffer that a memory limit may refuse. */
let lazyWorks: boolean | undefined;
export function bestEngine(): Engine {
  lazyWorks ??= oxc.rawTransferSupported() && tryLazy();
  return lazyWorks ? 'lazy' : 'plain';
}
function tryLazy(): boolean {
  try {
    const parsed = parseLazy('probe.ts', 'probe()');
    const works = parsed.program.body.length === 1;
    parsed.dispose();
    return works;
  } catch {
    return false;
  }
}

/** Parses one JavaScript or TypeScript file. Throws only where the native parser itself does. */
export function parse(path: Path, text: string, engine: Engine = bestEngine()): Parsed {
  const name = dialect(path);
  if (engine === 'lazy') return parseLazy(name, text);
  if (engine === 'tree-sitter') return parseTreeSitter(name, text);
  const result = oxc.parseSync(name, text);
  return {
    engine,
    text,
    errors: messages(result.errors),
    comments: commentsOf(result.comments, text),
    get program() {
      return result.program;
    },
    walk: (handlers) => new oxc.Visitor(known(handlers)).visit(result.program),
    dispose: () => {},
  };
}

/** The plain visitor refuses the names of nodes that only the fast tree has. */
const known = (handlers: Handlers) =>
  Object.fromEntries(
    Object.entries(handlers).filter(([name]) => (name.split(':')[0] ?? '') in oxc.visitorKeys),
  ) as never;

/**
 * Making a visitor costs more than walking a small file, and files differ in few ways in what they listen to: one visitor
 * per set of node types, which hands each node to the handlers of the walk that is running.
 */
const visitors = new Map<string, unknown>();
let running: Handlers = {};
function withVisitor(handlers: Handlers, visit: (visitor: unknown) => void): void {
  const names = Object.keys(handlers);
  const key = names.join();
  let visitor = visitors.get(key);
  if (!visitor) {
    const LazyVisitor = experimental.experimentalGetLazyVisitor();
    visitor = new LazyVisitor(Object.fromEntries(names.map((name) => [name, (node: Node) => running[name]!(node)])));
    visitors.set(key, visitor);
  }
  const outer = running;
  running = handlers;
  try {
    visit(visitor);
  } finally {
    running = outer;
  }
}

/** Exported by the package, missing from its declarations. */
const experimental = oxc as unknown as {
  experimentalGetLazyVisitor(): new (handlers: Handlers) => unknown;
};
interface LazyResult {
  readonly program: Node;
  readonly comments: Node;
  readonly errors: Node;
  visit(visitor: unknown): void;
  dispose(): void;
}

function parseLazy(name: string, text: string): Parsed {
  const result = oxc.parseSync(name, text, { experimentalLazy: true } as never) as unknown as LazyResult;
  return {
    engine: 'lazy',
    text,
    errors: messages([...result.errors]),
    get comments() {
      return commentsOf([...result.comments], text);
    },
    get program() {
      return result.program;
    },
    walk: (handlers) => withVisitor(handlers, (visitor) => result.visit(visitor)),
    dispose: () => result.dispose(),
  };
}

function parseTreeSitter(name: string, text: string): Parsed {
  const grammar = grammarOf(/\.[cm]?ts$/.test(name) ? 'typescript' : 'tsx');
  const parsed = grammar.parse(text);
  const { program, comments } = toEstree(parsed === 'too-deep' ? empty : parsed.root, text);
  const errors = parsed === 'too-deep' ? ['nested too deeply'] : parsed.error ? ['not understood'] : [];
  return {
    engine: 'tree-sitter',
    text,
    program,
    comments,
    errors,
    walk: (handlers) => visit(program, handlers),
    dispose: () => {},
  };
}
const empty: SyntaxNode = { type: 'program', named: true, field: undefined, span: [0, 0], children: [] };

/** Children in the order of the source, each once although several fields may hold it. */
function visit(node: EsNode, handlers: Handlers): void {
  handlers[node.type]?.(node);
  const children = new Set<EsNode>();
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? value : [value]) if (typeof each?.type === 'string') children.add(each);
  }
  for (const each of [...children].sort((a, b) => a.start - b.start)) visit(each, handlers);
  handlers[`${node.type}:exit`]?.(node);
}

/** `.vue`-like names never get here; `.mjs`, `.cts` and the like keep their meaning. */
const dialect = (path: Path): string => path.slice(path.lastIndexOf('/') + 1);

const messages = (errors: readonly Node[]): string[] =>
  errors.filter((error) => error.severity === 'Error').map((error) => String(error.message));

const commentsOf = (comments: readonly Node[], text: string): Comment[] =>
  comments.map(({ type, start, end }) => ({
    span: [start, end],
    text: text.slice(start + 2, type === 'Block' ? end - 2 : end),
  }));
