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
import { suspicious } from '../typescript/guard.ts';
import { linkJava } from './link.ts';

const numbers = /^(decimal|hex|octal|binary)_(integer|floating_point)_literal$/;

/** Java by tree-sitter: imports, functions, calls, creations and annotations with symbolic values. */
export const java: Language = {
  id: 'java',
  version: 1,
  claims: (path) => path.endsWith('.java'),
  risk: (bytes) => unusual(bytes) ?? suspicious(bytes),
  prepare: async () => void (await loadGrammar('java')),
  extract,
  link: linkJava,
};

function extract(source: Source, recognisers: readonly Recogniser[]): ExtractedFile {
  return treeFacts(source, 'java', 'Java', (root, text, out) => {
    const file = { text, out, ...imports(root, text, out) };
    const handlers = admitted(recognisers, text, (spec) => imported(file.specs, spec));
    walk(root, { ...file, handlers, scope: scope(), type: undefined, parameters: [], context: '' });
  });
}

/** `import a.b.*` opens the gate of everything directly in `a.b`. */
const imported = (specs: ReadonlySet<string>, spec: string) =>
  specs.has(spec) || specs.has(`${spec.slice(0, spec.lastIndexOf('.'))}.*`);

interface File {
  readonly text: string;
  readonly out: Collector;
  readonly specs: ReadonlySet<string>;
  /** What a simple name was imported as. */
  readonly bindings: ReadonlyMap<string, Sym>;
}
interface Place extends File {
  readonly handlers: Handlers;
  readonly scope: Scope;
  /** The enclosing type, for names of its methods. */
  readonly type: string | undefined;
  /** Parameters of the enclosing method, in order. */
  readonly parameters: readonly string[];
  /** What `return` gives a value to. */
  readonly returns?: Sym | undefined;
  /** Where the value of the expression that is visited goes to. */
  readonly target?: Sym | undefined;
  /** What a string here is for: `constant URL`, `argument of http.get`. */
  readonly context: string;
}

function imports(root: SyntaxNode, text: string, out: Collector): Pick<File, 'specs' | 'bindings'> {
  const specs = new Set<string>();
  const bindings = new Map<string, Sym>();
  for (const node of childrenOf(root, 'import_declaration')) {
    const name = childOf(node, 'scoped_identifier', 'identifier');
    if (!name) continue;
    const full = textOf({ text }, name).replace(/\s/g, '');
    const all = childOf(node, 'asterisk') !== undefined;
    const isStatic = childOf(node, 'static') !== undefined;
    // `import static a.B.c` imports from a.B; the type is what resolves to a file.
    const spec = isStatic && !all ? full.slice(0, full.lastIndexOf('.')) : full;
    const last = full.slice(full.lastIndexOf('.') + 1);
    const type = spec.slice(spec.lastIndexOf('.') + 1);
    specs.add(all && !isStatic ? `${full}.*` : spec);
    if (!all) bindings.set(last, { from: spec, path: isStatic ? [type, last] : [type] });
    out.emit('import', node.span, { spec: all && !isStatic ? `${full}.*` : spec, form: 'import', typeOnly: false });
  }
  return { specs, bindings };
}

/** A type's symbol. Without an import or a package it may be from this package, `java.lang` or a wildcard import. */
function typeSym(node: SyntaxNode | undefined, at: File): Sym | undefined {
  if (!node) return undefined;
  if (node.type === 'generic_type' || node.type === 'annotated_type') {
    return typeSym(childOf(node, 'type_identifier', 'scoped_type_identifier', 'generic_type'), at);
  }
  if (node.type !== 'type_identifier' && node.type !== 'scoped_type_identifier' && node.type !== 'identifier')
    return undefined;
  const written = textOf(at, node).replace(/\s/g, '');
  if (written === 'var') return undefined;
  const path = written.split('.');
  const [first = ''] = path;
  const bound = at.bindings.get(first);
  if (bound) return { ...bound, path: [...bound.path, ...path.slice(1)] };
  return path.length > 1 && /^[a-z]/.test(first) ? { from: written, path: path.slice(-1) } : { path };
}

type Visit = (node: SyntaxNode, at: Place) => void;

const walk: Visit = (node, at) => (visitors[node.type] ?? walkAll)(node, at);

const walkAll: Visit = (node, at) => {
  for (const each of node.children) walk(each, { ...at, target: undefined });
};
const inBlock: Visit = (node, at) => walkAll(node, { ...at, scope: at.scope.inner() });

const walkLoop: Visit = (node, at) => {
  const inner = { ...at, scope: at.scope.inner() };
  if (node.type === 'enhanced_for_statement') declareParameter(node, inner);
  at.out.inLoop(() => walkAll(node, inner));
};

const walkLambda: Visit = (node, at) =>
  at.out.within({ name: '<lambda>', span: node.span }, () => {
    const inner = { ...at, scope: at.scope.inner(), target: undefined, returns: undefined };
    const parameters = child(node, 'parameters');
    if (parameters?.type === 'identifier') declare(textOf(at, parameters), undefined, inner);
    else for (const each of parameters?.children ?? []) declareParameter(each, inner);
    walkAll(node, inner);
  });

const walkResource: Visit = (node, at) => {
  const name = child(node, 'name');
  const value = child(node, 'value');
  if (name) declare(textOf(at, name), typeSym(child(node, 'type'), at) ?? (value && typeOf(value, at)), at);
  walkAll(node, at);
};

const walkAssignment: Visit = (node, at) => {
  const left = child(node, 'left');
  const right = child(node, 'right');
  const sym = left && symOf(left, at);
  if (right) walk(right, { ...at, target: sym, context: `constant ${sym?.path.at(-1)?.replace(/@\d+$/, '') ?? ''}` });
};

/** What a method makes is known by the method: `@Bean RestTemplate client() { return new RestTemplate(); }`. */
const walkReturn: Visit = (node, at) => {
  for (const each of node.children) walk(each, { ...at, target: at.returns });
};

const walkType: Visit = (node, at) => {
  const name = child(node, 'name');
  const body = child(node, 'body');
  const type = name ? textOf(at, name) : '';
  const inner = { ...at, type, scope: at.scope.inner(), target: undefined };
  for (const field of body ? childrenOf(body, 'field_declaration') : []) {
    const fieldType = typeSym(child(field, 'type'), at);
    for (const each of childrenOf(field, 'variable_declarator')) {
      const written = child(each, 'name');
      if (written)
        inner.scope.declare(textOf(at, written), { sym: fieldSym(textOf(at, written), inner), type: fieldType });
    }
  }
  annotations(node, { path: [type] }, at);
  const visit = () => {
    for (const each of node.children) if (each.type !== 'modifiers') walk(each, inner);
  };
  if (isTransactional(node, at)) at.out.inTransaction(visit);
  else visit();
};

/** `this.x`, and `x` where it is a field. */
const fieldSym = (name: string, at: Place): Sym => ({ path: at.type ? [at.type, name] : [name] });

const walkMethod: Visit = (node, at) => {
  const name = child(node, 'name');
  const written = name ? textOf(at, name) : '';
  const own = fieldSym(written, at);
  annotations(node, own, at);
  const parameters = (child(node, 'parameters')?.children ?? []).map((each) => parameterName(each, at) ?? '');
  const inner = { ...at, scope: at.scope.inner(), parameters, returns: result(own), context: '' };
  at.out.within({ name: at.type ? `${at.type}.${written}` : written, span: node.span }, () => {
    for (const each of child(node, 'parameters')?.children ?? []) declareParameter(each, inner);
    const visit = () => {
      const body = child(node, 'body');
      if (body) walkAll(body, inner);
    };
    if (isTransactional(node, at)) at.out.inTransaction(visit);
    else visit();
  });
};

function parameterName(node: SyntaxNode, at: File): string | undefined {
  const name = child(node, 'name') ?? childOf(node, 'variable_declarator', 'identifier');
  return name && textOf(at, name);
}

function declareParameter(node: SyntaxNode, at: Place): void {
  const name = parameterName(node, at);
  if (name) declare(name, typeSym(child(node, 'type'), at), at);
}

const declare = (name: string, type: Sym | undefined, at: Place): void =>
  at.scope.declare(name, { sym: localSym(name, at.out.fn()), type });

const walkVariables: Visit = (node, at) => {
  const type = typeSym(child(node, 'type'), at);
  for (const each of childrenOf(node, 'variable_declarator')) {
    const name = child(each, 'name');
    const value = child(each, 'value');
    if (!name) continue;
    const written = textOf(at, name);
    if (node.type === 'local_variable_declaration') declare(written, type ?? (value && typeOf(value, at)), at);
    else walkField(node, { written, type, value }, at);
    if (value) walk(value, { ...at, target: at.scope.find(written)?.sym, context: `constant ${written}` });
  }
};

function walkField(
  node: SyntaxNode,
  field: { readonly written: string; readonly type: Sym | undefined; readonly value: SyntaxNode | undefined },
  at: Place,
): void {
  const name = fieldSym(field.written, at);
  annotations(node, name, at);
  const value = field.value && valueIn(field.value, at);
  const isFinal = childOf(childOf(node, 'modifiers') ?? node, 'final') !== undefined;
  at.out.emit('binding', node.span, {
    name,
    ...(isFinal && value && value.k !== 'unknown' && { value }),
    ...(field.type && { type: field.type }),
  });
}

const typeOf = (node: SyntaxNode, at: Place): Sym | undefined =>
  node.type === 'object_creation_expression' ? typeSym(child(node, 'type'), at) : undefined;

function annotationsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const modifiers = childOf(node, 'modifiers');
  return modifiers ? childrenOf(modifiers, 'annotation', 'marker_annotation') : [];
}

const isTransactional = (node: SyntaxNode, at: Place) =>
  annotationsOf(node).some((each) => /^@(\w+\.)*Transactional\b/.test(textOf(at, each)));

function annotations(node: SyntaxNode, on: Sym, at: Place): void {
  for (const each of annotationsOf(node)) {
    const name = typeSym(child(each, 'name'), at);
    if (!name) continue;
    const given = child(each, 'arguments')?.children ?? [];
    const arg = (wanted: string): Expr | undefined => {
      const pair = given.find((one) => {
        const key = one.type === 'element_value_pair' ? child(one, 'key') : undefined;
        return key
          ? textOf(at, key) === wanted
          : (wanted === 'value' || wanted === '0') && one.type !== 'element_value_pair';
      });
      const value = pair?.type === 'element_value_pair' ? child(pair, 'value') : pair;
      return value && exprOf(value, at);
    };
    for (const handle of at.handlers.annotation) handle({ span: each.span, name, on, arg }, at.out.emit);
    const args = child(each, 'arguments');
    if (args) walkAll(args, at);
  }
}

const walkCreation: Visit = (node, at) => {
  const type = typeSym(child(node, 'type'), at);
  if (type) {
    const view = callView(node, { callee: type, receiverType: type }, at);
    for (const handle of at.handlers.create) handle(view, at.out.emit);
  }
  walkAll(node, at);
};

const walkCall: Visit = (node, at) => {
  const name = child(node, 'name');
  const object = child(node, 'object');
  if (name) {
    const written = textOf(at, name);
    const receiver = object && symOf(object, at);
    const callee = receiver ? member(receiver, written) : (at.bindings.get(written) ?? { path: [written] });
    const receiverType = object && receiverTypeOf(object, at);
    const view = callView(node, { callee, ...(receiver && { receiver }), ...(receiverType && { receiverType }) }, at);
    if (callee.from || !object || receiverType) {
      at.out.emit('call', node.span, {
        callee,
        ...(receiverType && { receiverType }),
        args: argumentsOf(node).map((each) => valueIn(each, at)),
      });
    }
    const env = envOf(node, at);
    if (env.k === 'env') at.out.emit('env-read', node.span, { name: env.name });
    for (const handle of at.handlers.call) handle(view, at.out.emit);
  }
  if (object) walk(object, { ...at, target: undefined });
  const context = `argument of ${stepsOf(object && symOf(object, at), name && textOf(at, name))}`;
  for (const each of argumentsOf(node)) walk(each, { ...at, target: undefined, context });
};

const stepsOf = (of: Sym | undefined, name: string | undefined): string =>
  [...(of?.path ?? []), name ?? '']
    .filter((step) => step !== '()')
    .map((step) => step.replace(/@\d+$/, ''))
    .join('.');

const argumentsOf = (node: SyntaxNode): readonly SyntaxNode[] =>
  (child(node, 'arguments')?.children ?? []).filter(({ type }) => !type.endsWith('comment'));

function callView(
  node: SyntaxNode,
  names: Pick<CallView, 'callee' | 'receiver' | 'receiverType'>,
  at: Place,
): CallView {
  return callOf(node, names, at.target, argumentsOf(node), (value) => exprOf(value, at));
}

/** The type of what a method is called on: a variable's declared type, or the start of a chain. */
function receiverTypeOf(object: SyntaxNode, at: Place): Sym | undefined {
  switch (object.type) {
    case 'object_creation_expression':
      return typeSym(child(object, 'type'), at);
    case 'method_invocation': {
      const inner = child(object, 'object');
      return inner && receiverTypeOf(inner, at);
    }
    case 'parenthesized_expression':
      return object.children[0] && receiverTypeOf(object.children[0], at);
    default: {
      const field =
        object.type === 'field_access' && child(object, 'object')?.type === 'this' ? child(object, 'field') : object;
      const variable = field?.type === 'identifier' ? at.scope.find(textOf(at, field)) : undefined;
      if (variable) return variable.type;
      const sym = symOf(object, at);
      return sym?.from ? sym : undefined;
    }
  }
}

/** A name as a symbol: `this.x` is the field `x`; a call in a chain ends its step with `()`. */
function symOf(node: SyntaxNode, at: Place): Sym | undefined {
  switch (node.type) {
    case 'identifier': {
      const name = textOf(at, node);
      const variable = at.scope.find(name);
      if (variable) return variable.sym;
      return at.bindings.get(name) ?? (/^[A-Z]/.test(name) ? typeSym(node, at) : { path: [name] });
    }
    case 'this':
      return { path: [at.type ?? 'this'] };
    case 'field_access': {
      const field = child(node, 'field');
      const object = child(node, 'object');
      if (!field || !object) return undefined;
      const of = symOf(object, at);
      return of && member(of, textOf(at, field));
    }
    case 'method_invocation': {
      const name = child(node, 'name');
      const object = child(node, 'object');
      if (!name) return undefined;
      const of = object ? symOf(object, at) : { path: [] };
      return of && result(member(of, textOf(at, name)));
    }
    case 'object_creation_expression': {
      const type = typeSym(child(node, 'type'), at);
      return type && result(type);
    }
    case 'parenthesized_expression':
      return node.children[0] && symOf(node.children[0], at);
    default:
      return undefined;
  }
}

function exprOf(node: SyntaxNode, at: Place): Expr {
  const value = valueIn(node, at);
  const is = value.k === 'lit' ? 'literal' : kinds[node.type];
  return opaque(node.span, is ?? 'other', () => value);
}
const kinds: Readonly<Record<string, Expr['is']>> = {
  lambda_expression: 'function',
  method_reference: 'function',
  method_invocation: 'call',
  object_creation_expression: 'call',
};

function valueIn(node: SyntaxNode, at: Place): Value {
  if (numbers.test(node.type)) return number(textOf(at, node));
  switch (node.type) {
    case 'string_literal':
      return lit(stringOf(node, at));
    case 'true':
    case 'false':
      return lit(node.type === 'true');
    case 'null_literal':
      return lit(null);
    case 'parenthesized_expression':
      return node.children[0] ? valueIn(node.children[0], at) : unknown;
    case 'binary_expression': {
      const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
      return left && right && operator?.type === '+' ? concat([valueIn(left, at), valueIn(right, at)]) : unknown;
    }
    case 'element_value_array_initializer':
    case 'array_initializer':
      return { k: 'list', of: node.children.map((each) => valueIn(each, at)), open: false };
    case 'identifier':
    case 'field_access': {
      const i = node.type === 'identifier' ? at.parameters.indexOf(textOf(at, node)) : -1;
      if (i >= 0) return { k: 'param', fn: at.out.fn(), i };
      const sym = symOf(node, at);
      return sym ? { k: 'ref', sym } : unknown;
    }
    case 'method_invocation':
      return formatted(node, at) ?? envOf(node, at);
    default:
      return unknown;
  }
}

/** `String.format("http://%s:%d/items", host, port)` */
function formatted(node: SyntaxNode, at: Place): Value | undefined {
  const [name, object] = [child(node, 'name'), child(node, 'object')];
  if (!name || !object || `${textOf(at, object)}.${textOf(at, name)}` !== 'String.format') return undefined;
  const [template, ...given] = argumentsOf(node);
  const text = template ? valueIn(template, at) : unknown;
  if (text.k !== 'lit' || typeof text.v !== 'string') return undefined;
  let next = 0;
  return concat(
    text.v.split(/(%[sd])/).map((part): Value => {
      const value = /^%[sd]$/.test(part) ? given[next++] : undefined;
      return value ? valueIn(value, at) : lit(part);
    }),
  );
}

function envOf(node: SyntaxNode, at: Place): Value {
  const [name] = argumentsOf(node);
  const isEnv = /^(java\.lang\.)?System\s*\.\s*getenv\s*\(/.test(textOf(at, node));
  const key = isEnv && name ? valueIn(name, at) : unknown;
  return key.k === 'lit' && typeof key.v === 'string' ? { k: 'env', name: key.v } : unknown;
}

function number(written: string): Value {
  const value = Number(written.replaceAll('_', '').replace(/(?<!^0[xX].*)[lLfFdD]$/, ''));
  return numeric(value);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ', '0': '\0' };

function stringOf(node: SyntaxNode, at: File): string {
  return node.children
    .map((part) => {
      const written = textOf(at, part);
      if (part.type !== 'escape_sequence') return part.type === '"""' ? '' : written;
      if (/^\\u/.test(written)) return String.fromCharCode(Number.parseInt(written.replace(/^\\u+/, ''), 16));
      return escapes[written[1] ?? ''] ?? written.slice(1);
    })
    .join('');
}

/** A network address that a string starts with. */
const visitString: Visit = (node, at) => {
  const url = endpointIn(stringOf(node, at));
  if (url) at.out.emit('endpoint', node.span, { url, context: at.context });
};

const visitors: Readonly<Record<string, Visit>> = {
  for_statement: walkLoop,
  enhanced_for_statement: walkLoop,
  while_statement: walkLoop,
  do_statement: walkLoop,
  class_declaration: walkType,
  interface_declaration: walkType,
  enum_declaration: walkType,
  record_declaration: walkType,
  annotation_type_declaration: walkType,
  method_declaration: walkMethod,
  constructor_declaration: walkMethod,
  compact_constructor_declaration: walkMethod,
  lambda_expression: walkLambda,
  block: inBlock,
  try_with_resources_statement: inBlock,
  switch_block_statement_group: inBlock,
  local_variable_declaration: walkVariables,
  field_declaration: walkVariables,
  resource: walkResource,
  assignment_expression: walkAssignment,
  return_statement: walkReturn,
  object_creation_expression: walkCreation,
  method_invocation: walkCall,
  string_literal: visitString,
};
