import type { ExtractedFile, Fact, FunctionFact, Gap, NameFact, Path, Span, Sym, Value } from '../../model/facts.ts';
import { isName } from '../collect.ts';
import { endpointIn } from '../endpoints.ts';
import type { AnnotationView, CallView, Emit, Expr, Recogniser } from '../language.ts';
import { SUPPRESSION } from '../suppression.ts';
import { fileOf, importHandlers, importOf, mayRequire, tripleSlash } from './imports.ts';
import {
  childScope,
  declareAll,
  declareParameters,
  declareVariable,
  envOf,
  exprOf,
  fieldsOf,
  rootScope,
  type Scope,
  symNamed,
  symOf,
  textOf,
  typeOf,
  valueIn,
} from './names.ts';
import { bestEngine, type Engine, type Handlers, type Node, type Parsed, parse } from './parse.ts';
import { suppressionsIn } from './suppressions.ts';
import { declaredTypeOf, keyOf, kindOf, list, parametersOf, spanOf, types, unwrap } from './syntax.ts';

const iterates = new Set(['map', 'forEach', 'flatMap', 'filter', 'reduce', 'some', 'every', 'find']);
const transactions = /^(?:\$?transaction|withTransaction|inTransaction|runInTransaction|atomic)$/i;

/**
 * The facts of one file. A file with broken syntax has what could be read, and a gap. Unless the `whole` file is wanted,
 * calls that only other files may ask for are left out, and one in whose functions no recogniser has a say is only
 * outlined: its imports, exports and top-level names.
 */
export function extractText(
  path: Path,
  text: string,
  recognisers: readonly Recogniser[],
  engine: Engine = bestEngine(),
  whole = true,
): ExtractedFile {
  const read = (by: Engine) => extractParsed(path, parse(path, text, by), recognisers, whole);
  if (engine !== 'lazy') return read(engine);
  if (needsPlain(text)) return read('plain');
  try {
    return read('lazy');
  } catch (error) {
    // Deep nesting overflows the fast tree's walk earlier, and a memory limit may refuse its buffer.
    if (error instanceof RangeError) return read('plain');
    throw error;
  }
}

function extractParsed(path: Path, parsed: Parsed, recognisers: readonly Recogniser[], whole: boolean): ExtractedFile {
  try {
    const [message] = parsed.errors;
    const gaps: Gap[] = message === undefined ? [] : [{ path, why: 'parse', detail: message }];
    // The lazy tree of a broken file is empty; nothing in it may be mistaken for "no imports".
    return message === undefined
      ? extractTree(path, parsed, recognisers, whole)
      : { path, functions: [], facts: [], names: [], gaps };
  } finally {
    parsed.dispose();
  }
}

/** The fast tree skips a variable's type and a class's parent: files where either may matter take the plain one. */
const needsPlain = (text: string): boolean =>
  (/\bimport\s*\(/.test(text) &&
    /(?:[<|&:,[(?]|\btypeof)\s*import\s*\(|\bimport\s*\([^()]*\)\s*\.\s*(?!(?:then|catch|finally)\b)/.test(text)) ||
  (text.includes('extends') && /\bextends\s+[\w$.]+\s*\(/.test(text));

/** Whether an import may stand anywhere but at the top: a dynamic one, one of a type, one inside a declared module. */
const importsInside = (text: string): boolean =>
  /\bimport\s*(?:\(|\/[/*]|\.(?!\s*meta\b))/.test(text) ||
  (mayDeclareModules(text) && /\b(?:namespace|module)\s+[\w$"']|\bglobal\s*\{/.test(text));
const mayDeclareModules = (text: string): boolean =>
  text.includes('module') || text.includes('namespace') || text.includes('global');
/** Whether a comment may say something: a reference to another file, a suppression. */
const commented = (text: string): boolean =>
  text.includes(SUPPRESSION) || (text.includes('<reference') && /\/\/\/\s*<reference\b/.test(text));

interface Frame {
  readonly fn: number;
  readonly loop: number;
  readonly tx: boolean;
}

function extractTree(path: Path, parsed: Parsed, all: readonly Recogniser[], whole: boolean): ExtractedFile {
  const { program, text } = parsed;
  const functions: FunctionFact[] = [];
  const facts: Fact[] = [];
  const reachable: NameFact[] = [];
  let frame: Frame = { fn: -1, loop: 0, tx: false };
  const frames: Frame[] = [];
  const statements = list(program.body);
  let scope = rootScope(statements, text);
  const names = new Map<number, string>();
  const assigned = new Map<number, Sym>();
  const loops = new Set<number>();
  const inTransaction = new Set<number>();
  const contexts = new Map<number, string>();

  const emit: Emit = (kind, span, fact) => {
    const found = { ...fact, kind, span, ...frame } as unknown as Fact;
    if (isName(found)) reachable.push(found);
    else facts.push(found);
  };
  const emitTop: Emit = (kind, span, fact) => {
    const found = { ...fact, kind, span, fn: -1, loop: 0, tx: false } as unknown as Fact;
    if (isName(found)) reachable.push(found);
    else facts.push(found);
  };

  const imports = importHandlers(
    (span, fact) => {
      emit('import', span, fact);
    },
    text,
    () => scope,
  );
  const requires = mayRequire(text);
  const inside = importsInside(text);
  const packages = packagesIn(statements, requires || inside ? text : '');
  const active = all.filter((recogniser) => applies(recogniser, packages, text));
  const onCall = active.flatMap(({ on }) => (on.call ? [on.call] : []));
  const onCreate = active.flatMap(({ on }) => (on.create ? [on.create] : []));
  const onAnnotation = active.flatMap(({ on }) => (on.annotation ? [on.annotation] : []));
  const onAssign = active.flatMap(({ on }) => (on.assign ? [on.assign] : []));
  const hasAddresses = endpointIn.possible(text);

  const enter = (next: Frame, inner: Scope) => {
    frames.push(frame);
    frame = next;
    scope = inner;
  };
  const leave = () => {
    frame = frames.pop()!;
    scope = scope.parent!;
  };
  const named = (node: Node, name: string | undefined) => {
    if (node && name !== undefined && kindOf(node) === 'function') names.set(node.start, name);
  };
  const assign = (value: Node, sym: Sym) => {
    let node = unwrap(value);
    if (node && kindOf(node) === 'await') node = unwrap(node.argument);
    if (!node) return;
    const kind = kindOf(node);
    if (kind === 'call' || kind === 'new') assigned.set(node.end, sym);
    else if (kind === 'logical') {
      assign(node.left, sym);
      assign(node.right, sym);
    } else if (kind === 'object') {
      for (const property of list(node.properties)) {
        const key = property.value && keyOf(property);
        if (key) assign(property.value, { path: [...sym.path, key] });
      }
    }
  };
  const context = (node: Node, what: string) => {
    const inner = hasAddresses ? unwrap(node) : undefined;
    if (!inner) return;
    const kind = kindOf(inner);
    if (kind === 'string' || kind === 'template') contexts.set(inner.start, what);
    else if (kind === 'logical') {
      const env = envOf(symOf(inner.left, scope) ?? { path: [] });
      context(inner.right, env ? `default of ${env}` : what);
      context(inner.left, what);
    } else if (kind === 'conditional') {
      context(inner.consequent, what);
      context(inner.alternate, what);
    } else if (kind === 'binary') context(inner.left, what);
  };

  const view = (node: Node, args: readonly Node[]): CallView => {
    const calleeNode = unwrap(node.callee);
    const kind = kindOf(calleeNode);
    const receiverNode = kind === 'member' || kind === 'index' ? unwrap(calleeNode.object) : undefined;
    const at = scope;
    const spread = args.findIndex((arg) => arg.type === 'SpreadElement');
    const receiver = receiverNode && symOf(receiverNode, at);
    const receiverType = receiverNode && typeOf(receiverNode, at);
    const assignedTo = assigned.get(node.end);
    return {
      span: spanOf(node),
      callee: symOf(calleeNode, at) ?? { path: ['?', ...(keyOf2(calleeNode) ?? [])] },
      ...(receiver && { receiver }),
      ...(receiverType && { receiverType }),
      ...(assignedTo && { assignedTo }),
      arg: (i) => {
        if (spread !== -1 && i >= spread) return unknownExpr(spanOf(args[spread]));
        return args[i] && exprOf(args[i], at);
      },
    };
  };
  const annotate = (decorators: readonly Node[], on: Sym) => {
    for (const decorator of decorators) {
      const expression = unwrap(decorator.expression);
      const isCall = kindOf(expression) === 'call';
      const name = symOf(isCall ? expression.callee : expression, scope);
      if (!name) continue;
      const at = scope;
      const args = isCall ? list(expression.arguments) : [];
      const annotation: AnnotationView = {
        span: spanOf(decorator),
        name,
        on,
        arg: (key) => annotationArg(args, key, at),
      };
      for (const handle of onAnnotation) handle(annotation, emit);
    }
  };

  const handleCall = (node: Node) => {
    const required = requires ? importOf(node, scope) : undefined;
    if (required) {
      emit('import', required.span, required.fact);
      return;
    }
    const args = list(node.arguments);
    const call = view(node, args);
    const { callee } = call;
    const last = callee.path.at(-1) ?? '';
    for (const arg of args) {
      const inner = unwrap(arg);
      if (kindOf(inner) !== 'function') continue;
      const first = textOf(args[0]);
      if (!names.has(inner.start) && last) named(inner, first === undefined ? `${last}()` : `${last}(${first})`);
      if (iterates.has(last)) loops.add(inner.start);
      if (transactions.test(last)) inTransaction.add(inner.start);
    }
    if (hasAddresses) {
      const what = `argument of ${callee.path.filter((part) => part !== '()').join('.')}`;
      for (const arg of args) context(arg, what);
    }
    for (const handle of onCall) handle(call, emit);
    if (!whole) return;
    // What `link` may have to read again: calls of this system's own functions, and of clients that other files make.
    if (callee.from === 'globalThis' || callee.from?.startsWith('node:') || callee.path[0] === '?') return;
    if (callee.from === undefined && call.receiverType === undefined && callee.path.length > 1) return;
    emit('call', call.span, {
      callee,
      ...(call.receiverType && { receiverType: call.receiverType }),
      args: args.map((arg) => (arg.type === 'SpreadElement' ? { k: 'unknown' } : valueIn(arg, scope))),
    });
  };

  const finish = (): ExtractedFile => {
    if (commented(text)) {
      tripleSlash(parsed.comments, text, (span, fact) => emitTop('import', span, fact));
      for (const [span, fact] of suppressionsIn(parsed.comments, text)) emitTop('suppression', span, fact);
    }
    return {
      path,
      functions,
      facts: facts.sort(inOrder),
      names: reachable.sort(inOrder),
      gaps: [],
      ...(!whole && all.length > 0 && { outline: true }),
    };
  };
  const importsOnly = () => {
    if (inside) parsed.walk(imports);
    else for (const statement of statements) imports[statement.type]?.(statement);
  };
  // Without recognisers only what links files is asked for; a `require` needs to know the names around it.
  if (all.length === 0 && !requires) {
    importsOnly();
    return finish();
  }
  const readsEnv = text.includes('process') && /\bprocess\b/.test(text) && /\benv\b/.test(text);
  if (!whole && !requires && !readsEnv && !hasAddresses && active.length === 0) {
    importsOnly();
    topLevel(statements, scope, emitTop);
    return finish();
  }

  const kinds = types(parsed.engine);
  const handlers: Record<string, (node: Node) => void> = { ...imports };
  const on = (nodeTypes: readonly string[], start: (node: Node) => void, end?: (node: Node) => void) => {
    for (const type of nodeTypes) {
      const before = handlers[type];
      handlers[type] = before
        ? (node) => {
            before(node);
            start(node);
          }
        : start;
      if (end) handlers[`${type}:exit`] = end;
    }
  };

  on(
    kinds.function,
    (node) => {
      const fn = functions.length;
      const span = spanOf(node);
      functions.push({ name: node.id?.name ?? names.get(node.start) ?? '', span, parent: frame.fn });
      const inner = childScope(scope, fn);
      declareParameters(node, inner);
      enter(
        { fn, loop: frame.loop + (loops.has(node.start) ? 1 : 0), tx: frame.tx || inTransaction.has(node.start) },
        inner,
      );
      if (!scope.owner) return;
      for (const [i, { decorators, field, initial, pattern }] of parametersOf(node, text).entries()) {
        const on: Sym = { path: [scope.owner.name, pattern.name ?? String(i)] };
        if (field && initial) assign(initial, on);
        if (onAnnotation.length > 0) annotate(decorators, on);
      }
    },
    leave,
  );
  on(
    kinds.class,
    (node) => {
      const fields = fieldsOf(node, scope);
      if (onAnnotation.length > 0) annotate(list(node.decorators), { path: [fields.name] });
      enter(frame, childScope(scope, scope.fn, fields));
    },
    leave,
  );
  on(
    kinds.block,
    (node) => {
      const inner = childScope(scope);
      declareAll(list(node.body), inner);
      enter(frame, inner);
    },
    leave,
  );
  on(
    ['ForStatement', 'ForInStatement', 'ForOfStatement'],
    (node) => {
      const inner = childScope(scope);
      const head = node.init ?? node.left;
      if (head?.type === 'VariableDeclaration') {
        for (const declarator of list(head.declarations)) declareVariable(declarator, head.kind, inner);
      }
      enter({ ...frame, loop: frame.loop + 1 }, inner);
    },
    leave,
  );
  on(['WhileStatement', 'DoWhileStatement'], () => enter({ ...frame, loop: frame.loop + 1 }, childScope(scope)), leave);
  on(['VariableDeclarator'], (node) => {
    const name: string | undefined = node.id.name;
    if (!name || !node.init) return;
    named(unwrap(node.init), name);
    assign(node.init, { path: [scope.fn === -1 ? name : `${name}@${scope.fn}`] });
    context(node.init, `constant ${name}`);
  });
  on(['AssignmentExpression'], (node) => {
    const left = unwrap(node.left);
    const sym = symOf(left, scope);
    named(unwrap(node.right), kindOf(left) === 'name' ? left.name : keyOf2(left)?.[0]);
    if (sym) assign(node.right, sym);
    if (sym && onAssign.length > 0 && kindOf(left) === 'member') {
      const receiverType = typeOf(left.object, scope);
      const value = exprOf(node.right, scope);
      for (const handle of onAssign) {
        handle({ span: spanOf(node), target: sym, value, ...(receiverType && { receiverType }) }, emit);
      }
    }
    context(node.right, `constant ${sym?.path.at(-1) ?? ''}`);
  });
  on(kinds.property, (node) => {
    const key = node.value && node.key ? keyOf(node) : undefined;
    if (key === undefined) return;
    named(unwrap(node.value), key);
    context(node.value, `property ${key}`);
  });
  on([...kinds.method, 'PropertyDefinition'], (node) => {
    const key = keyOf(node);
    const owner = scope.owner?.name ?? '';
    if (key === undefined) return;
    if (onAnnotation.length > 0) annotate(list(node.decorators), { path: [owner, key] });
    if (!node.value) return;
    names.set(node.value.start, owner ? `${owner}.${key}` : key);
    assign(node.value, { path: [owner, key] });
    context(node.value, `property ${key}`);
  });
  on(['CallExpression'], handleCall);
  on(['NewExpression'], (node) => {
    const file = requires ? fileOf(node, text) : undefined;
    if (file) emit('import', file.span, file.fact);
    if (onCreate.length === 0 && !hasAddresses) return;
    const args = list(node.arguments);
    const call = view(node, args);
    for (const arg of args) context(arg, `argument of new ${call.callee.path.join('.')}`);
    for (const handle of onCreate) handle(call, emit);
  });
  if (readsEnv) {
    on(kinds.member, (node) => {
      const sym = symOf(node, scope);
      const name = sym && envOf(sym);
      if (name) emit('env-read', spanOf(node), { name });
    });
  }
  if (hasAddresses) {
    const address = (node: Node, value: string) => {
      const url = endpointIn(value);
      if (url) emit('endpoint', spanOf(node), { url, context: contexts.get(node.start) ?? '' });
    };
    on(kinds.string, (node) => {
      if (typeof node.value === 'string') address(node, node.value);
    });
    on(['TemplateLiteral'], (node) => {
      address(node, node.quasis[0].value.cooked ?? '');
    });
  }

  parsed.walk(handlers as Handlers);
  topLevel(statements, scope, emitTop);
  return finish();
}

const inOrder = (a: Fact, b: Fact): number =>
  a.span[0] - b.span[0] || a.span[1] - b.span[1] || (a.kind < b.kind ? -1 : 1);

/** What is imported from outside, each with every name that it is below: `a/b/c` is of `a/b` and of `a`. */
function packagesIn(statements: readonly Node[], text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (spec: unknown) => {
    if (typeof spec !== 'string' || spec.startsWith('.')) return;
    for (let end = spec.length; end > 0; end = spec.lastIndexOf('/', end - 1)) found.add(spec.slice(0, end));
  };
  for (const statement of statements) {
    switch (statement.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportFromDeclaration':
      case 'ExportAllDeclaration':
        add(statement.source?.value);
        break;
      case 'TSImportEqualsDeclaration':
        add(statement.moduleReference?.expression?.value);
    }
  }
  for (const [, spec] of text.matchAll(/\b(?:require|import)\s*\(\s*['"`]([^'"`]+)['"`]/g)) add(spec);
  return found;
}

/** Whether a recogniser may find anything here: by import (a package or anything below it) or by text. */
function applies({ when }: Recogniser, packages: ReadonlySet<string>, text: string): boolean {
  if (when.imports && !when.imports.some((name) => packages.has(name))) return false;
  return !when.text || when.text.test(text);
}

const keyOf2 = (node: Node): string[] | undefined => {
  const kind = kindOf(node);
  const key = kind === 'member' || kind === 'index' ? keyOf(node) : undefined;
  return key === undefined ? undefined : [key];
};

const unknownExpr = (span: Span): Expr => ({
  span,
  is: 'other',
  value: (): Value => ({ k: 'unknown' }),
  prop: () => 'unknown',
});

/** Arguments of a decorator: by position (`'0'`), or by name inside its first argument. */
function annotationArg(args: readonly Node[], key: string, scope: Scope): Expr | undefined {
  if (/^\d+$/.test(key)) return args[Number(key)] && exprOf(args[Number(key)], scope);
  const inside = args[0] && exprOf(args[0], scope).prop(key);
  return inside === undefined || inside === 'absent' || inside === 'unknown' ? undefined : inside;
}

/** What other files can reach by name: exports, and the value, type or alias of each top-level name. */
function topLevel(statements: readonly Node[], scope: Scope, emit: Emit): void {
  for (const statement of statements) {
    switch (statement.type) {
      case 'VariableDeclaration':
        for (const declarator of list(statement.declarations)) bindingOf(declarator, scope, emit);
        break;
      case 'ExportAllDeclaration':
      case 'ExportDefaultDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportFromDeclaration':
      case 'ExportDeclaration':
        exportsOf(statement, scope, emit);
    }
  }
}

function bindingOf(declarator: Node, scope: Scope, emit: Emit): void {
  const { id, init } = declarator;
  const name: string | undefined = id.name;
  if (!name || !init) return;
  // A function without a declared type is no value, no type and no alias: nothing has to be looked up.
  if (kindOf(unwrap(init)) === 'function' && !declaredTypeOf(declarator, scope.text)) return;
  const value = valueIn(init, scope);
  const type = typeOf(id, scope);
  const alias = symOf(id, scope);
  const isAlias = alias && (alias.from !== undefined || alias.path[0] !== name);
  const known = value.k !== 'unknown' && value.k !== 'ref';
  if (!known && !type && !isAlias) return;
  // The parsers disagree on whether a name ends before or after its annotation.
  emit('binding', [id.start, id.start + name.length], {
    name: { path: [name] },
    ...(known && { value }),
    ...(type && { type }),
    ...(isAlias && { alias }),
  });
}

/** An export of one named declaration, as it begins: its name is told by the text, which no syntax tree has to be made for. */
const declares =
  /export\s+(?:declare\s+)?(?:async\s+function|function|(?:abstract\s+)?class|interface|(?:const\s+)?enum)\s+([A-Za-z_$][\w$]*)(?=[\s({<])/y;

function exportsOf(statement: Node, scope: Scope, emit: Emit): void {
  const span = spanOf(statement);
  const name = (node: Node): string => node.name ?? node.value;
  const own = (declared: string) => emit('export', span, { name: declared, sym: { path: [declared] } });
  switch (statement.type) {
    case 'ExportAllDeclaration': {
      const from: string = statement.source.value;
      emit('export', span, { name: statement.exported ? name(statement.exported) : '*', sym: { from, path: [] } });
      return;
    }
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      const of = declaration.id?.name;
      const sym = of ? { path: [of] } : (symOf(declaration, scope) ?? { path: ['default'] });
      emit('export', span, { name: 'default', sym });
      const value = valueIn(declaration, scope);
      const type = typeOf(declaration, scope);
      if (value.k === 'obj' || value.k === 'lit' || type)
        emit('binding', span, { name: { path: ['default'] }, value, ...(type && { type }) });
      return;
    }
    default: {
      declares.lastIndex = span[0];
      const declared = declares.exec(scope.text)?.[1];
      if (declared !== undefined) {
        own(declared);
        return;
      }
      const from: string | undefined = statement.source?.value;
      for (const specifier of list(statement.specifiers)) {
        const [of, as] = [name(specifier.local), name(specifier.exported)];
        emit('export', span, { name: as, sym: from === undefined ? symNamed(of, scope) : { from, path: [of] } });
      }
      const { declaration } = statement;
      if (!declaration) return;
      if (declaration.id?.name) own(declaration.id.name);
      const declarators = list(declaration.declarations);
      for (const { id } of declarators) if (id.name) own(id.name);
      for (const declarator of declarators) bindingOf(declarator, scope, emit);
    }
  }
}
