import type { ExtractedFile, Sym, Value } from '../../model/facts.ts';
import type { Collector } from '../collect.ts';
import { concat } from '../concat.ts';
import { endpointIn } from '../endpoints.ts';
import { unusual } from '../guard.ts';
import type { CallView, Expr, Language, Recogniser, Source } from '../language.ts';
import { numeric } from '../recognise.ts';
import { treeFacts } from '../tree-sitter/file.ts';
import { localSym, type Scope, scope } from '../tree-sitter/scope.ts';
import { child, childOf, childrenOf, loadGrammar, type SyntaxNode, textOf } from '../tree-sitter/syntax.ts';
import { admitted, callOf, type Handlers, lit, member, opaque, result, unknown } from '../tree-sitter/views.ts';
import { linkPython } from './link.ts';

/** Python by tree-sitter: imports, functions, calls and decorators with symbolic values. */
export const python: Language = {
  id: 'python',
  version: 1,
  claims: (path) => path.endsWith('.py'),
  risk: unusual,
  prepare: async () => void (await loadGrammar('python')),
  extract,
  link: linkPython,
};

function extract(source: Source, recognisers: readonly Recogniser[]): ExtractedFile {
  return treeFacts(source, 'python', 'Python', (root, text, out) => {
    const file: File = { text, out, specs: new Set(), bindings: new Map() };
    // Python imports anywhere, often inside functions: what they bind is taken for the whole file.
    collectImports(root, file);
    const handlers = admitted(recognisers, text, (spec) =>
      [...file.specs].some((own) => own === spec || own.startsWith(`${spec}.`)),
    );
    walk(root, {
      ...file,
      handlers,
      scope: scope(),
      type: undefined,
      owner: undefined,
      fields: new Map(),
      parameters: [],
      context: '',
    });
  });
}

interface File {
  readonly text: string;
  readonly out: Collector;
  readonly specs: Set<string>;
  readonly bindings: Map<string, Sym>;
}
interface Place extends File {
  readonly handlers: Handlers;
  readonly scope: Scope;
  /** The enclosing class, for names of its methods. */
  readonly type: string | undefined;
  /** The class whose instance `self` is. */
  readonly owner: string | undefined;
  /** Types of `self.x` in the enclosing class. */
  readonly fields: ReadonlyMap<string, Sym>;
  /** Parameters of the enclosing function in order, without `self`: what a caller's first argument is. */
  readonly parameters: readonly string[];
  readonly target?: Sym | undefined;
  /** What a string here is for: `constant URL`, `argument of requests.get`, `default of STOCK_URL`. */
  readonly context: string;
}

function collectImports(node: SyntaxNode, file: File): void {
  if (node.type === 'import_statement') {
    for (const each of node.children.filter(({ field }) => field === 'name')) {
      const name = each.type === 'aliased_import' ? child(each, 'name') : each;
      const alias = each.type === 'aliased_import' ? child(each, 'alias') : undefined;
      if (!name) continue;
      const spec = textOf(file, name);
      const [first = spec] = spec.split('.');
      if (alias) file.bindings.set(textOf(file, alias), { from: spec, path: [] });
      else file.bindings.set(first, { from: first, path: [] });
      importOf(spec, node, file);
    }
    return;
  }
  if (node.type === 'import_from_statement') {
    const module = child(node, 'module_name');
    if (!module) return;
    const spec = textOf(file, module);
    for (const each of node.children.filter(({ field }) => field === 'name')) {
      const name = each.type === 'aliased_import' ? child(each, 'name') : each;
      const alias = each.type === 'aliased_import' ? child(each, 'alias') : undefined;
      if (!name) continue;
      const written = textOf(file, name);
      const isModule = /^\.+$/.test(spec);
      file.bindings.set(alias ? textOf(file, alias) : written, {
        from: isModule ? `${spec}${written}` : spec,
        path: isModule ? [] : [written],
      });
      // `from . import x` imports the module x; `from a import x` may, and the linker knows.
      if (isModule) importOf(`${spec}${written}`, node, file);
    }
    if (!/^\.+$/.test(spec)) importOf(spec, node, file);
    return;
  }
  for (const each of node.children) collectImports(each, file);
}

function importOf(spec: string, node: SyntaxNode, file: File): void {
  file.specs.add(spec);
  file.out.emit('import', node.span, { spec, form: 'import', typeOnly: false });
}

type Visit = (node: SyntaxNode, at: Place) => void;

const walk: Visit = (node, at) => (visitors[node.type] ?? walkAll)(node, at);

const walkAll: Visit = (node, at) => {
  for (const each of node.children) walk(each, { ...at, target: undefined });
};
/** The value goes where that of the whole expression goes. */
const walkThrough: Visit = (node, at) => {
  for (const each of node.children) walk(each, at);
};
const skip: Visit = () => {};

const walkComprehension: Visit = (node, at) => at.out.inLoop(() => walkAll(node, { ...at, scope: at.scope.inner() }));

const walkLambda: Visit = (node, at) => {
  // The keyword inside has the same type.
  if (!node.named) return;
  at.out.within({ name: '<lambda>', span: node.span }, () => {
    const inner = { ...at, scope: at.scope.inner() };
    for (const each of child(node, 'parameters')?.children ?? []) declareParameter(each, inner);
    walkAll(node, inner);
  });
};

/** The iterated expression and the `else` branch run once. */
const walkLoop: Visit = (node, at) => {
  const once = node.children.filter(({ field }) => field === 'right' || field === 'alternative');
  for (const each of once) walk(each, { ...at, target: undefined });
  const repeated = node.children.filter((each) => !once.includes(each));
  at.out.inLoop(() => {
    for (const each of repeated) walk(each, { ...at, target: undefined });
  });
};

const walkClass: Visit = (node, at) => {
  const name = child(node, 'name');
  const type = name && textOf(at, name);
  const body = child(node, 'body');
  const inner = { ...at, type, owner: type, scope: at.scope.inner(), target: undefined };
  const fields = new Map<string, Sym>();
  if (body) collectFields(body, inner, fields);
  walkAll(node, { ...inner, fields });
};

/** `self.x = Session()` in any method, `x: Session` in the body. */
function collectFields(node: SyntaxNode, at: Place, fields: Map<string, Sym>): void {
  if (node.type === 'class_definition') return;
  if (node.type === 'assignment') {
    const [left, right, type] = [child(node, 'left'), child(node, 'right'), child(node, 'type')];
    const name = left && fieldOf(left, at);
    const known = (type && annotationType(type, at)) ?? (right && typeOf(right, at));
    if (known && name !== undefined) fields.set(name, known);
  }
  for (const each of node.children) collectFields(each, at, fields);
}

/** `self.x` anywhere, `x` in the body of a class. */
function fieldOf(node: SyntaxNode, at: File): string | undefined {
  if (node.type === 'identifier') return textOf(at, node);
  return node.type === 'attribute' ? /^(?:self|cls)\.(\w+)$/.exec(textOf(at, node))?.[1] : undefined;
}

const walkFunction: Visit = (node, at) => {
  const name = child(node, 'name');
  const written = name ? textOf(at, name) : '';
  at.out.within({ name: at.type ? `${at.type}.${written}` : written, span: node.span }, () => {
    const given = child(node, 'parameters')?.children ?? [];
    const names = given.map((each) => parameterName(each, at) ?? '');
    const parameters = at.type && (names[0] === 'self' || names[0] === 'cls') ? names.slice(1) : names;
    const inner = { ...at, scope: at.scope.inner(), type: undefined, target: undefined, parameters, context: '' };
    for (const each of given) {
      declareParameter(each, inner);
      const value = child(each, 'value');
      if (value) walk(value, inner);
    }
    const body = child(node, 'body');
    if (body) walkAll(body, inner);
  });
};

function parameterName(node: SyntaxNode, at: File): string | undefined {
  const name = node.type === 'identifier' ? node : (child(node, 'name') ?? childOf(node, 'identifier'));
  return name && textOf(at, name);
}

function declareParameter(node: SyntaxNode, at: Place): void {
  const name = parameterName(node, at);
  const type = child(node, 'type');
  if (name) declare(name, type && annotationType(type, at), at);
}

const declare = (name: string, type: Sym | undefined, at: Place): void =>
  at.scope.declare(name, { sym: localSym(name, at.out.fn()), type });

const walkDecorated: Visit = (node, at) => {
  const definition = child(node, 'definition');
  const name = definition && child(definition, 'name');
  const decorators = childrenOf(node, 'decorator');
  const on: Sym = { path: [...(at.type ? [at.type] : []), ...(name ? [textOf(at, name)] : [])] };
  for (const each of decorators) {
    const [expression] = each.children.filter(({ type }) => type !== '@' && type !== 'comment');
    if (!expression) continue;
    const target = expression.type === 'call' ? child(expression, 'function') : expression;
    const sym = target && symOf(target, at);
    if (sym) {
      const given = expression.type === 'call' ? argumentsOf(expression) : [];
      const arg = (wanted: string): Expr | undefined => {
        const found = given.find((one) => {
          const key = one.type === 'keyword_argument' ? child(one, 'name') : undefined;
          return key
            ? textOf(at, key) === wanted
            : (wanted === 'value' || wanted === '0') && one.type !== 'keyword_argument';
        });
        const value = found?.type === 'keyword_argument' ? child(found, 'value') : found;
        return value && exprOf(value, at);
      };
      for (const handle of at.handlers.annotation) handle({ span: each.span, name: sym, on, arg }, at.out.emit);
    }
    walk(expression, { ...at, target: undefined });
  }
  if (!definition) return;
  if (decorators.some((each) => /^@(\w+\.)*atomic\b/.test(textOf(at, each))))
    at.out.inTransaction(() => walk(definition, at));
  else walk(definition, at);
};

const walkAssignment: Visit = (node, at) => {
  const [left, right, type] = [child(node, 'left'), child(node, 'right'), child(node, 'type')];
  if (left?.type === 'identifier') {
    declare(textOf(at, left), (type && annotationType(type, at)) ?? (right && typeOf(right, at)), at);
  }
  const target = left && symOf(left, at);
  if (target && !target.from && at.out.fn() < 0) {
    const value = right ? valueIn(right, at) : unknown;
    const known = right && typeOf(right, at);
    at.out.emit('binding', node.span, {
      name: target,
      ...(value.k !== 'unknown' && { value }),
      ...(known && { type: known }),
    });
  }
  if (right && target && left?.type === 'attribute' && at.handlers.assign.length > 0) {
    const object = child(left, 'object');
    const receiverType = object && receiverTypeOf(object, at);
    const view = { span: node.span, target, value: exprOf(right, at), ...(receiverType && { receiverType }) };
    for (const handle of at.handlers.assign) handle(view, at.out.emit);
  }
  if (right) walk(right, { ...at, target, context: `constant ${target?.path.at(-1)?.replace(/@\d+$/, '') ?? ''}` });
};

const walkWith: Visit = (node, at) => {
  const items = childrenOf(childOf(node, 'with_clause') ?? node, 'with_item');
  for (const item of items) {
    const value = child(item, 'value') ?? item.children[0];
    const [subject, alias] =
      value?.type === 'as_pattern' ? [value.children[0], child(value, 'alias')?.children[0]] : [value, undefined];
    if (alias?.type === 'identifier') declare(textOf(at, alias), subject && typeOf(subject, at), at);
    if (subject) walk(subject, { ...at, target: alias && symOf(alias, at) });
  }
  const visit = () => {
    const body = child(node, 'body');
    if (body) walkAll(body, at);
  };
  if (items.some((item) => /^(\w+\.)*(atomic|begin)\(/.test(textOf(at, item)))) at.out.inTransaction(visit);
  else visit();
};

const walkCall: Visit = (node, at) => {
  const target = child(node, 'function');
  const callee = target && symOf(target, at);
  if (target && callee) {
    const object = target.type === 'attribute' ? child(target, 'object') : undefined;
    const receiver = object && symOf(object, at);
    const receiverType = object && receiverTypeOf(object, at);
    const view = callView(node, { callee, ...(receiver && { receiver }), ...(receiverType && { receiverType }) }, at);
    if (callee.from || receiverType || target.type === 'identifier') {
      at.out.emit('call', node.span, {
        callee,
        ...(receiverType && { receiverType }),
        args: positional(node).map((each) => valueIn(each, at)),
      });
    }
    const read = envOf(node, at);
    if (read.k === 'env') at.out.emit('env-read', node.span, { name: read.name, ...(read.or && { or: read.or }) });
    for (const handle of at.handlers.call) handle(view, at.out.emit);
  }
  if (target) walk(target, { ...at, target: undefined });
  const env = envOf(node, at);
  const steps = (callee?.path ?? []).filter((step) => step !== '()').map((step) => step.replace(/@\d+$/, ''));
  const of = [...(callee?.from && !steps.includes(callee.from) ? [callee.from] : []), ...steps].join('.');
  const context = env.k === 'env' ? `default of ${env.name}` : `argument of ${of}`;
  for (const each of argumentsOf(node)) walk(child(each, 'value') ?? each, { ...at, target: undefined, context });
};

const argumentsOf = (node: SyntaxNode): readonly SyntaxNode[] =>
  (child(node, 'arguments')?.children ?? []).filter(({ type }) => type !== 'comment');
/** Up to the first `*args`: what follows has no known position. */
function positional(node: SyntaxNode): readonly SyntaxNode[] {
  const all = argumentsOf(node).filter(({ type }) => type !== 'keyword_argument' && type !== 'dictionary_splat');
  const splat = all.findIndex(({ type }) => type === 'list_splat');
  return splat < 0 ? all : all.slice(0, splat);
}

function callView(
  node: SyntaxNode,
  names: Pick<CallView, 'callee' | 'receiver' | 'receiverType'>,
  at: Place,
): CallView {
  const given = argumentsOf(node);
  const keywords = given.filter(({ type }) => type === 'keyword_argument' || type === 'dictionary_splat');
  return {
    ...callOf(node, names, at.target, positional(node), (value) => exprOf(value, at)),
    ...(keywords.length > 0 && { keywords: record(node, keywords, 'name', at) }),
  };
}

/** A dictionary or keyword arguments: entries with a constant key, and `**rest` that may hold any. */
function record(node: SyntaxNode, entries: readonly SyntaxNode[], keyField: 'name' | 'key', at: Place): Expr {
  const keyOf = (entry: SyntaxNode): string | undefined => {
    const key = child(entry, keyField);
    if (!key) return undefined;
    if (keyField === 'name') return textOf(at, key);
    const value = valueIn(key, at);
    return value.k === 'lit' ? String(value.v) : undefined;
  };
  const open = entries.some((entry) => keyOf(entry) === undefined);
  return {
    span: node.span,
    is: 'object',
    value: () => ({
      k: 'obj',
      open,
      of: Object.fromEntries(
        entries.flatMap((entry) => {
          const [key, value] = [keyOf(entry), child(entry, 'value')];
          return key !== undefined && value ? [[key, valueIn(value, at)]] : [];
        }),
      ),
    }),
    prop: (name) => {
      const found = entries.findLast((entry) => keyOf(entry) === name);
      const value = found && child(found, 'value');
      return value ? exprOf(value, at) : open ? 'unknown' : 'absent';
    },
  };
}

/** `Optional[Session]`, `Session | None` and `"Session"` are all the type Session. */
function annotationType(node: SyntaxNode, at: Place): Sym | undefined {
  const written = textOf(at, node)
    .replace(/^["']|["']$/g, '')
    .replace(/^(?:typing\.)?Optional\[(.*)\]$/, '$1')
    .replace(/\s*\|\s*None$/, '');
  return /^\w+(\.\w+)*$/.test(written) ? dotted(written.split('.'), at) : undefined;
}

function dotted([first = '', ...rest]: readonly string[], at: Place): Sym {
  const bound = at.bindings.get(first);
  return bound ? { ...bound, path: [...bound.path, ...rest] } : { path: [first, ...rest] };
}

/** Calling a class makes an instance of it: classes are told from functions by their name or by what binds them. */
function typeOf(node: SyntaxNode, at: Place): Sym | undefined {
  if (node.type === 'await' || node.type === 'parenthesized_expression') {
    const inner = node.children.at(-1);
    return inner && typeOf(inner, at);
  }
  if (node.type === 'identifier') return at.scope.find(textOf(at, node))?.type;
  if (node.type === 'boolean_operator') {
    const [left, right] = [child(node, 'left'), child(node, 'right')];
    return (left && typeOf(left, at)) ?? (right && typeOf(right, at));
  }
  const target = node.type === 'call' ? child(node, 'function') : undefined;
  const sym = target && symOf(target, at);
  return sym?.from ? sym : undefined;
}

function receiverTypeOf(object: SyntaxNode, at: Place): Sym | undefined {
  if (object.type === 'call' || object.type === 'parenthesized_expression') return typeOf(object, at);
  if (object.type === 'identifier') return at.scope.find(textOf(at, object))?.type;
  const field = object.type === 'attribute' ? fieldOf(object, at) : undefined;
  return field === undefined ? undefined : at.fields.get(field);
}

function symOf(node: SyntaxNode, at: Place): Sym | undefined {
  switch (node.type) {
    case 'identifier': {
      const name = textOf(at, node);
      if (at.owner && (name === 'self' || name === 'cls')) return { path: [at.owner] };
      return at.scope.find(name)?.sym ?? dotted([name], at);
    }
    case 'attribute': {
      const [object, attribute] = [child(node, 'object'), child(node, 'attribute')];
      const of = object && symOf(object, at);
      return of && attribute && member(of, textOf(at, attribute));
    }
    case 'call': {
      const target = child(node, 'function');
      const of = target && symOf(target, at);
      return of && result(of);
    }
    case 'parenthesized_expression':
    case 'await': {
      const inner = node.children.at(-1);
      return inner && symOf(inner, at);
    }
    default:
      return undefined;
  }
}

function exprOf(node: SyntaxNode, at: Place): Expr {
  if (node.type === 'parenthesized_expression' && node.children[0]) return exprOf(node.children[0], at);
  if (node.type === 'dictionary') return record(node, childrenOf(node, 'pair', 'dictionary_splat'), 'key', at);
  const value = valueIn(node, at);
  const is =
    value.k === 'lit' ? 'literal' : node.type === 'lambda' ? 'function' : node.type === 'call' ? 'call' : 'other';
  return opaque(node.span, is, () => value);
}

function valueIn(node: SyntaxNode, at: Place): Value {
  switch (node.type) {
    case 'string':
      return stringOf(node, at);
    case 'concatenated_string':
      return concat(node.children.map((each) => valueIn(each, at)));
    case 'integer':
    case 'float': {
      const value = Number(textOf(at, node).replaceAll('_', ''));
      return numeric(value);
    }
    case 'true':
    case 'false':
      return lit(node.type === 'true');
    case 'none':
      return lit(null);
    case 'parenthesized_expression':
      return node.children[0] ? valueIn(node.children[0], at) : unknown;
    case 'binary_operator': {
      const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
      return left && right && operator?.type === '+' ? concat([valueIn(left, at), valueIn(right, at)]) : unknown;
    }
    case 'dictionary':
      return record(node, childrenOf(node, 'pair', 'dictionary_splat'), 'key', at).value();
    case 'list':
    case 'tuple':
      return {
        k: 'list',
        of: node.children.filter(({ type }) => type !== 'list_splat').map((each) => valueIn(each, at)),
        open: childOf(node, 'list_splat') !== undefined,
      };
    case 'boolean_operator': {
      const [left, right] = [child(node, 'left'), child(node, 'right')];
      const value = left ? valueIn(left, at) : unknown;
      return value.k === 'env' && !value.or && right ? { ...value, or: valueIn(right, at) } : unknown;
    }
    case 'call':
      return formatted(node, at) ?? envOf(node, at);
    case 'subscript':
      return envOf(node, at);
    case 'identifier':
    case 'attribute': {
      const i = node.type === 'identifier' ? at.parameters.indexOf(textOf(at, node)) : -1;
      if (i >= 0) return { k: 'param', fn: at.out.fn(), i };
      const sym = symOf(node, at);
      return sym ? { k: 'ref', sym } : unknown;
    }
    default:
      return unknown;
  }
}

/** `'http://{host}/{0}'.format(path, host=HOST)` */
function formatted(node: SyntaxNode, at: Place): Value | undefined {
  const target = child(node, 'function');
  const [text, method] = target ? [child(target, 'object'), child(target, 'attribute')] : [];
  if (text?.type !== 'string' || !method || textOf(at, method) !== 'format') return undefined;
  const template = valueIn(text, at);
  if (template.k !== 'lit' || typeof template.v !== 'string') return undefined;
  const given = positional(node);
  const named = new Map(
    childrenOf(child(node, 'arguments') ?? node, 'keyword_argument').map((each) => [
      textOf(at, child(each, 'name') ?? each),
      child(each, 'value'),
    ]),
  );
  let next = 0;
  return concat(
    template.v.split(/(\{[^{}]*\})/).map((part): Value => {
      const field = /^\{(\w*)[^{}]*\}$/.exec(part)?.[1];
      if (field === undefined) return lit(part);
      const value = named.get(field) ?? given[field === '' ? next++ : Number(field)];
      return value ? valueIn(value, at) : unknown;
    }),
  );
}

/** `os.environ['X']`, `os.environ.get('X', or)` and `os.getenv('X', or)`, however `os` was imported. */
function envOf(node: SyntaxNode, at: Place): Value {
  const subject = child(node, node.type === 'subscript' ? 'value' : 'function');
  const sym = subject && symOf(subject, at);
  if (sym?.from !== 'os') return unknown;
  const api = sym.path.join('.');
  const wanted = node.type === 'subscript' ? ['environ'] : ['getenv', 'environ.get'];
  if (!wanted.includes(api)) return unknown;
  const [key, or] = node.type === 'subscript' ? [child(node, 'subscript')] : positional(node);
  const name = key ? valueIn(key, at) : unknown;
  if (name.k !== 'lit' || typeof name.v !== 'string') return unknown;
  return { k: 'env', name: name.v, ...(or && { or: valueIn(or, at) }) };
}

function stringOf(node: SyntaxNode, at: Place): Value {
  return concat([
    lit(''),
    ...node.children.flatMap((part): readonly Value[] => {
      if (part.type === 'string_content') return [lit(textOf(at, part).replace(/\\(['"\\])/g, '$1'))];
      if (part.type !== 'interpolation') return [];
      const expression = child(part, 'expression');
      return [expression ? valueIn(expression, at) : unknown];
    }),
  ]);
}

/** `os.environ.get('X') or 'http://…'` */
const walkChoice: Visit = (node, at) => {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  const env = left ? valueIn(left, at) : unknown;
  if (left) walk(left, at);
  if (right) walk(right, { ...at, context: env.k === 'env' ? `default of ${env.name}` : at.context });
};

/** A network address that a string starts with. */
const visitString: Visit = (node, at) => {
  const [first] = childrenOf(node, 'string_content', 'interpolation');
  const url = first?.type === 'string_content' ? endpointIn(textOf(at, first)) : undefined;
  if (url) at.out.emit('endpoint', node.span, { url, context: at.context });
  walkAll(node, at);
};

const visitors: Readonly<Record<string, Visit>> = {
  import_statement: skip,
  import_from_statement: skip,
  for_statement: walkLoop,
  while_statement: walkLoop,
  list_comprehension: walkComprehension,
  set_comprehension: walkComprehension,
  dictionary_comprehension: walkComprehension,
  generator_expression: walkComprehension,
  class_definition: walkClass,
  function_definition: walkFunction,
  lambda: walkLambda,
  decorated_definition: walkDecorated,
  assignment: walkAssignment,
  with_statement: walkWith,
  parenthesized_expression: walkThrough,
  await: walkThrough,
  call: walkCall,
  boolean_operator: walkChoice,
  pair: (node, at) => {
    const key = child(node, 'key');
    const written = key ? valueIn(key, at) : unknown;
    const value = child(node, 'value');
    if (value) walk(value, { ...at, target: undefined, context: written.k === 'lit' ? `property ${written.v}` : '' });
  },
  string: visitString,
};
