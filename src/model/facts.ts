/**
 * The vocabulary of facts: what can be seen in one file, in any language.
 *
 * Facts are serialisable, language-neutral and option-free. They hold no syntax node, no absolute path and no line
 * number, so neither configuration nor position invalidates them. A new kind needs an ADR: every recogniser and every
 * rule shares this list.
 */

/** POSIX path relative to the workspace root. */
export type Path = string;
/** UTF-16 offsets into the file's text; line and column exist only in reports. */
export type Span = readonly [start: number, end: number];
/**
 * A name: `from` is the import specifier or fully qualified name, `globalThis` for a global of the language; absent
 * means "declared in this file". In `path`, `()` stands for the result of calling what precedes it:
 * `axios.create().get` is `{ from: 'axios', path: ['default', 'create', '()', 'get'] }`.
 */
export interface Sym {
  readonly from?: string;
  readonly path: readonly string[];
}
/** A symbolic value, evaluated at link time across files and deployment. */
export type Value =
  | { readonly k: 'lit'; readonly v: string | number | boolean | null }
  | { readonly k: 'cat'; readonly of: readonly Value[] }
  | { readonly k: 'env'; readonly name: string; readonly or?: Value }
  | { readonly k: 'ref'; readonly sym: Sym }
  /** `open`: a spread or computed key, so a missing key is unknown and not absent. */
  | { readonly k: 'obj'; readonly of: Readonly<Record<string, Value>>; readonly open: boolean }
  | { readonly k: 'list'; readonly of: readonly Value[]; readonly open: boolean }
  /** The i-th parameter of function `fn` of this file: known only where it is called. */
  | { readonly k: 'param'; readonly fn: number; readonly i: number }
  | { readonly k: 'unknown' };

export interface FactMap {
  /** An import in any syntactic form; `other` only names a file, as `require.resolve` does. */
  import: {
    /** Empty where it is only known when the program runs. */
    readonly spec: string;
    readonly form: 'import' | 'export' | 'dynamic' | 'require' | 'type' | 'other';
    readonly typeOnly: boolean;
  };
  /** A call of something imported or of this file; `link` hands arguments in, and reads calls on shared clients again. */
  call: { readonly callee: Sym; readonly receiverType?: Sym; readonly args: readonly Value[] };
  /** A name of the file's top level (or a class field) that other files can reach: its value, its type, what it stands for. */
  binding: { readonly name: Sym; readonly value?: Value; readonly type?: Sym; readonly alias?: Sym };
  /** A name that the file exports; `*` without a local name re-exports everything of `sym.from`. */
  export: { readonly name: string; readonly sym: Sym };
  /** A comment that accepts findings: `scalable-backend-ignore <rule>: reason (owner) until 2027-01-31`. */
  suppression: {
    readonly rule: string;
    readonly reason: string;
    readonly owner?: string;
    readonly until?: string;
    /** The span of code that it covers: its own line, or the next one when it stands alone. */
    readonly covers: Span;
  };
  /** A place where work enters: a route, a consumer, a schedule, a function, a process start. */
  entry: {
    readonly on: 'http' | 'message' | 'schedule' | 'function' | 'start';
    readonly method?: string;
    readonly path?: Value;
    readonly handler: Sym;
  };
  /** A call to another process over the network. `timeout: 'client'`: whatever the client's default says. */
  'remote-call': {
    readonly api: string;
    readonly target: Value;
    readonly method?: string;
    readonly timeout: Value | 'absent' | 'client';
    readonly client?: Sym;
  };
  /** A configured client (`axios.create`, `new RestTemplate`) and the timeout its calls inherit. */
  'client-default': { readonly client: Sym; readonly timeout: Value | 'absent' };
  'db-call': { readonly api: string; readonly op: 'read' | 'write'; readonly table?: Value };
  /**
   * A connection that this file opens. `url` without a database and a `database` beside it: chosen on the connection
   * (`client.db('orders')`), where `client` names the connection that it is chosen on.
   */
  connection: { readonly engine: string; readonly url: Value; readonly database?: Value; readonly client?: Sym };
  'blocking-call': { readonly api: string };
  /** Something that is published to a topic or event name. */
  publish: { readonly topic: Value; readonly api: string };
  /** A subscription to a topic or event name. */
  subscribe: { readonly topic: Value; readonly api: string };
  /** A read of an environment variable. */
  'env-read': { readonly name: string; readonly or?: Value };
  /** An environment variable that deployment provides to `scope` (a compose service, a CI job, an env file). */
  'env-set': { readonly name: string; readonly value: Value; readonly scope: string };
  /** A running thing declared by deployment: a compose service, a workload, a CI service container. */
  process: {
    readonly name: string;
    readonly image?: string;
    readonly build?: string;
    readonly dockerfile?: string;
    readonly command?: readonly string[];
    readonly dependsOn: readonly string[];
    readonly ports: readonly { readonly inside: number; readonly outside?: number }[];
    /** Files of `NAME=value` lines that it gets its environment from; their `env-set` facts have the file as scope. */
    readonly envFiles?: readonly Path[];
    /** It runs only where one of these is asked for. */
    readonly profiles?: readonly string[];
  };
  /** A health check: an HTTP route in code, a compose or Dockerfile `HEALTHCHECK`, a probe. */
  probe: { readonly checks: 'live' | 'ready' | 'health'; readonly of?: string; readonly path?: string };
  /** An image built from this Dockerfile. */
  image: {
    readonly base: string;
    readonly user?: string;
    readonly command?: readonly string[];
    readonly ports?: readonly number[];
  };
  /** A job of a pipeline. */
  pipeline: { readonly job: string; readonly run: readonly string[]; readonly uses: readonly string[] };
  /** What a module of a generated (or platform-using) system declares: its contract, what it requires. */
  'module-declaration': {
    readonly name: Value;
    readonly operations: readonly string[];
    readonly events: readonly string[];
    readonly requires: readonly Sym[];
  };
  /** A table or schema that this file creates or maps. */
  table: { readonly name: Value; readonly schema?: Value; readonly op: 'create' | 'map' };
  /** A network address written out in code (URL, host:port, IP). */
  endpoint: { readonly url: string; readonly context: string };
}
export type FactKind = keyof FactMap;
export const factKinds = Object.keys({
  import: true,
  call: true,
  binding: true,
  export: true,
  suppression: true,
  entry: true,
  'remote-call': true,
  'client-default': true,
  'db-call': true,
  connection: true,
  'blocking-call': true,
  publish: true,
  subscribe: true,
  'env-read': true,
  'env-set': true,
  process: true,
  probe: true,
  image: true,
  pipeline: true,
  'module-declaration': true,
  table: true,
  endpoint: true,
} satisfies Record<FactKind, true>) as readonly FactKind[];
export type Fact<K extends FactKind = FactKind> = {
  [P in K]: FactMap[P] & {
    readonly kind: P;
    readonly span: Span;
    /** Index into `functions`; -1 outside any function. */
    readonly fn: number;
    /** Depth of enclosing loops. */
    readonly loop: number;
    /** Whether it happens inside a transaction callback. */
    readonly tx: boolean;
  };
}[K];

export interface FunctionFact {
  readonly name: string;
  readonly span: Span;
  readonly parent: number;
}
/** What other files can reach by name: apart from the rest, because most of it is never asked for. */
export type NameFact = Fact<'export' | 'binding'>;
/** What a language reads in a file. */
export interface ExtractedFile extends FileFacts {
  readonly names: readonly NameFact[];
}
/** What is known of a file, but for its names. */
export interface FileFacts {
  readonly path: Path;
  readonly functions: readonly FunctionFact[];
  readonly facts: readonly Fact[];
  readonly gaps: readonly Gap[];
  /** `call` facts were left out, and functions with nothing else in them: only other files may ask for those. */
  readonly outline?: true;
  /** It says of itself that a program wrote it. */
  readonly generated?: true;
}
/**
 * Something that could not be checked.
 * `parse`: broken syntax; `too-big`, `too-deep`: beyond a guard; `unresolved`: an import inside the system that leads
 * nowhere; `unsupported`: a form that no extractor knows; `unreadable`: the file system refused; `computed`: an import
 * whose target is only known when the program runs, which is told and never blocks.
 */
export interface Gap {
  readonly path: Path;
  readonly why:
    | 'parse'
    | 'too-big'
    | 'too-deep'
    | 'too-slow'
    | 'unresolved'
    | 'computed'
    | 'unsupported'
    | 'unreadable';
  readonly detail: string;
  /** Where reading stopped, if it was at one place. */
  readonly span?: Span;
}
/** Whether another run may do without it: how long a file takes to read is not the file's alone. */
export const isPassing = ({ why }: Pick<Gap, 'why'>): boolean => why === 'too-slow';
