import type { ExtractedFile, FactKind, FactMap, FileFacts, NameFact, Path, Span, Sym, Value } from '../model/facts.ts';
import type { Workspace } from '../model/workspace.ts';

/** An expression as recognisers see it: never a syntax node, so that parsers are interchangeable. */
export interface Expr {
  readonly span: Span;
  readonly is: 'literal' | 'object' | 'function' | 'call' | 'other';
  value(): Value;
  /** `unknown`: a spread or computed key may hold it. */
  prop(name: string): Expr | 'absent' | 'unknown';
}
export interface CallView {
  readonly span: Span;
  /** Import bindings, aliases, field and injected types of this file are applied. */
  readonly callee: Sym;
  readonly receiver?: Sym;
  readonly receiverType?: Sym;
  readonly assignedTo?: Sym;
  arg(i: number): Expr | undefined;
  /** Keyword arguments (`timeout=5`) as an object; absent where the language or the call has none. */
  readonly keywords?: Expr;
}
export interface AnnotationView {
  readonly span: Span;
  readonly name: Sym;
  readonly on: Sym;
  arg(name: string): Expr | undefined;
}
/** A value given to a property: `axios.defaults.timeout = 5000`. */
export interface AssignView {
  readonly span: Span;
  readonly target: Sym;
  /** The type of what the property belongs to. */
  readonly receiverType?: Sym;
  readonly value: Expr;
}
export interface Views {
  call: CallView;
  create: CallView;
  annotation: AnnotationView;
  assign: AssignView;
}
/** The engine adds `fn`, `loop` and `tx`. */
export type Emit = <K extends FactKind>(kind: K, span: Span, fact: FactMap[K]) => void;

/** Knowledge of ONE library in one language, shared by every rule: `src/extract/<language>/<library>.ts`. */
export interface Recogniser {
  readonly id: string;
  readonly version: number;
  readonly emits: readonly FactKind[];
  /** Gate, tested before any traversal. */
  readonly when: { readonly imports?: readonly string[]; readonly text?: RegExp };
  readonly on: { readonly [V in keyof Views]?: (view: Views[V], emit: Emit) => void };
  /** It is not of this program, so that another process of it does not know it. */
  readonly added?: true;
}
export interface Source {
  readonly path: Path;
  readonly bytes: Uint8Array;
  readonly digest: string;
}
/** What other files can reach by name in one; the same list each time. */
export type NamesOf = (path: Path) => readonly NameFact[];
/** How a specifier led to its file; without it in languages that have one way. */
export type Way = 'file' | 'output' | 'tsconfig' | 'imports' | 'workspace';
export type Target =
  | { readonly to: Path; readonly by?: Way }
  | { readonly external: string }
  | { readonly unresolved: true; readonly internal: boolean };
/** Where a name is declared: a file of the system, or outside of it. */
export type Origin = { readonly path: Path; readonly sym: Sym } | { readonly external: string; readonly sym: Sym };
export interface Links {
  resolve(from: Path, spec: string): Target;
  definition(from: Path, sym: Sym): { readonly path: Path; readonly fn: number } | 'external' | 'unknown';
  /** Follows imports, aliases and re-exports; a language without it has no wrapped or shared clients across files. */
  origin?(from: Path, sym: Sym): Origin;
}
/** A language owns its syntax tree; nothing outside its folder sees a node. */
export interface Language {
  readonly id: string;
  readonly version: number;
  claims(path: Path): boolean;
  /** Loads what `extract` needs (a WebAssembly grammar); awaited once, and only when a file is claimed. */
  prepare?(): Promise<void>;
  /** Why reading such a file may take long or end the process: it is then read in another one. Linear, and never throws. */
  risk?(bytes: Uint8Array): string | undefined;
  /** Unless the `whole` is wanted, a language may leave out what no recogniser has a say in (`outline`). */
  extract(source: Source, recognisers: readonly Recogniser[], whole?: boolean): ExtractedFile;
  /** Absent: files of this language import nothing. */
  link?(files: ReadonlyMap<Path, FileFacts>, workspace: Workspace, namesOf: NamesOf): Links;
}
