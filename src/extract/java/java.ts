import type { FileFacts, Sym, Value } from '../../model/facts.ts';
import type { CallView, Expr, Language, Recogniser, Source } from '../language.ts';
import { type Collector, collector } from '../tree-sitter/collect.ts';
import { type Scope, scope } from '../tree-sitter/scope.ts';
import { child, childOf, childrenOf, grammarOf, loadGrammar, type SyntaxNode } from '../tree-sitter/syntax.ts';
import { admitted, cat, type Handlers, lit, member, opaque, result, unknown } from '../tree-sitter/views.ts';
import { linkJava } from './link.ts';

const loops = new Set(['for_statement', 'enhanced_for_statement', 'while_statement', 'do_statement']);
const types = new Set([
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
  'annotation_type_declaration',
]);
const numbers = /^(decimal|hex|octal|binary)_(integer|floating_point)_literal$/;

/** Java by tree-sitter: imports, functions, calls, creations and annotations with symbolic values. */
export const java: Language = {
  id: 'java',
  version: 1,
  claims: (path) => path.endsWith('.java'),
  prepare: async () => void (await loadGrammar('java')),
  extract,
  link: linkJava,
};

function extract(source: Source, recognisers: readonly Recogniser[]): FileFacts {
  const text = new TextDecoder().decode(source.bytes);
  const out = collector(source.path);
  const parsed = grammarOf('java').parse(text);
  if (parsed === 'too-deep') {
    out.gap('too-deep', 'nested too deeply to walk');
    return out.finish();
  }
  if (parsed.error) out.gap('parse', 'not understood as Java', parsed.error);
  const file = { text, out, ...imports(parsed.root, text, out) };
  const handlers = admitted(recognisers, text, (spec) => imported(file.specs, spec));
  walk(parsed.root, { ...file, handlers, scope: scope(), type: undefined, members: new Set(), parameters: [] });
  return out.finish();
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
  /** Fields of the enclosing types: `this.x` and `x` are the same symbol. */
  readonly members: ReadonlySet<string>;
  /** Parameters of the enclosing method, in order. */
  readonly parameters: readonly string[];
  /** Where the value of the expression that is visited goes to. */
  readonly target?: Sym | undefined;
}

const textOf = ({ text }: { readonly text: string }, { span }: SyntaxNode) => text.slice(...span);

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
  if (node.type !== 'type_identifier' && node.type !== 'scoped_type_identifier' && node.type !== 'identifier') return undefined;
  const written = textOf(at, node).replace(/\s/g, '');
  if (written === 'var') return undefined;
  const path = written.split('.');
  const [first = ''] = path;
  const bound = at.bindings.get(first);
  if (bound) return { ...bound, path: [...bound.path, ...path.slice(1)] };
  return path.length > 1 && /^[a-z]/.test(first) ? { from: written, path: path.slice(-1) } : { path };
}

function walk(node: SyntaxNode, at: Place): void {
  if (loops.has(node.type)) return at.out.inLoop(() => walkLoop(node, at));
  if (types.has(node.type)) return walkType(node, at);
  switch (node.type) {
    case 'method_declaration':
    case 'constructor_declaration':
    case 'compact_constructor_declaration':
      return walkMethod(node, at);
    case 'lambda_expression':
      return at.out.within({ name: '<lambda>', span: node.span }, () => {
        const inner = { ...at, scope: at.scope.inner(), target: undefined };
        const parameters = child(node, 'parameters');
        if (parameters?.type === 'identifier') inner.scope.declare(textOf(at, parameters), undefined);
        else for (const each of parameters?.children ?? []) declareParameter(each, inner);
        walkAll(node, inner);
      });
    case 'block':
    case 'try_with_resources_statement':
    case 'switch_block_statement_group':
      return inBlock(node, at);
    case 'local_variable_declaration':
    case 'field_declaration':
      return walkVariables(node, at);
    case 'resource': {
      const name = child(node, 'name');
      const value = child(node, 'value');
      if (name) at.scope.declare(textOf(at, name), typeSym(child(node, 'type'), at) ?? (value && typeOf(value, at)));
      return walkAll(node, at);
    }
    case 'assignment_expression': {
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (right) walk(right, { ...at, target: left && symOf(left, at) });
      return;
    }
    case 'object_creation_expression':
      return walkCreation(node, at);
    case 'method_invocation':
      return walkCall(node, at);
    default:
      walkAll(node, at);
  }
}

const walkAll = (node: SyntaxNode, at: Place): void => {
  for (const each of node.children) walk(each, { ...at, target: undefined });
};
const inBlock = (node: SyntaxNode, at: Place): void => walkAll(node, { ...at, scope: at.scope.inner() });

function walkLoop(node: SyntaxNode, at: Place): void {
  const inner = { ...at, scope: at.scope.inner() };
  if (node.type === 'enhanced_for_statement') declareParameter(node, inner);
  walkAll(node, inner);
}

function walkType(node: SyntaxNode, at: Place): void {
  const name = child(node, 'name');
  const body = child(node, 'body');
  const own = scopeOfFields(body, at);
  const inner = { ...at, ...own, type: name && textOf(at, name), target: undefined };
  annotations(node, { path: inner.type ? [inner.type] : [] }, at);
  const visit = () => {
    for (const each of node.children) if (each.type !== 'modifiers') walk(each, inner);
  };
  if (isTransactional(node, at)) at.out.inTransaction(visit);
  else visit();
}

function scopeOfFields(body: SyntaxNode | undefined, at: Place): Pick<Place, 'scope' | 'members'> {
  const inner = at.scope.inner();
  const members = new Set<string>();
  for (const field of body ? childrenOf(body, 'field_declaration') : []) {
    const type = typeSym(child(field, 'type'), at);
    for (const each of childrenOf(field, 'variable_declarator')) {
      const name = child(each, 'name');
      if (!name) continue;
      members.add(textOf(at, name));
      inner.declare(textOf(at, name), type);
    }
  }
  return { scope: inner, members };
}

function walkMethod(node: SyntaxNode, at: Place): void {
  const name = child(node, 'name');
  const written = name ? textOf(at, name) : '';
  annotations(node, { path: [...(at.type ? [at.type] : []), written] }, at);
  const parameters = (child(node, 'parameters')?.children ?? []).map((each) => parameterName(each, at) ?? '');
  const inner = { ...at, scope: at.scope.inner(), parameters };
  at.out.within({ name: at.type ? `${at.type}.${written}` : written, span: node.span }, () => {
    for (const each of child(node, 'parameters')?.children ?? []) declareParameter(each, inner);
    const visit = () => {
      const body = child(node, 'body');
      if (body) walkAll(body, inner);
    };
    if (isTransactional(node, at)) at.out.inTransaction(visit);
    else visit();
  });
}

function parameterName(node: SyntaxNode, at: File): string | undefined {
  const name = child(node, 'name') ?? childOf(node, 'variable_declarator', 'identifier');
  return name && textOf(at, name);
}

function declareParameter(node: SyntaxNode, at: Place): void {
  const name = parameterName(node, at);
  if (name) at.scope.declare(name, typeSym(child(node, 'type'), at));
}

function walkVariables(node: SyntaxNode, at: Place): void {
  const type = typeSym(child(node, 'type'), at);
  for (const each of childrenOf(node, 'variable_declarator')) {
    const name = child(each, 'name');
    const value = child(each, 'value');
    if (!name) continue;
    const written = textOf(at, name);
    if (node.type === 'local_variable_declaration') at.scope.declare(written, type ?? (value && typeOf(value, at)));
    else walkField(node, { written, type, value }, at);
    if (value) walk(value, { ...at, target: { path: [written] } });
  }
}

function walkField(
  node: SyntaxNode,
  field: { readonly written: string; readonly type: Sym | undefined; readonly value: SyntaxNode | undefined },
  at: Place,
): void {
  annotations(node, { path: [...(at.type ? [at.type] : []), field.written] }, at);
  const value = field.value && valueOf(field.value, at);
  const isFinal = childOf(childOf(node, 'modifiers') ?? node, 'final') !== undefined;
  at.out.emit('binding', node.span, {
    name: { path: [field.written] },
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
        return key ? textOf(at, key) === wanted : wanted === 'value' && one.type !== 'element_value_pair';
      });
      const value = pair?.type === 'element_value_pair' ? child(pair, 'value') : pair;
      return value && exprOf(value, at);
    };
    for (const handle of at.handlers.annotation) handle({ span: each.span, name, on, arg }, at.out.emit);
    const args = child(each, 'arguments');
    if (args) walkAll(args, at);
  }
}

function walkCreation(node: SyntaxNode, at: Place): void {
  const type = typeSym(child(node, 'type'), at);
  if (type) {
    const view = callView(node, { callee: type, receiverType: type }, at);
    for (const handle of at.handlers.create) handle(view, at.out.emit);
  }
  walkAll(node, at);
}

function walkCall(node: SyntaxNode, at: Place): void {
  const name = child(node, 'name');
  const object = child(node, 'object');
  if (name) {
    const written = textOf(at, name);
    const receiver = object && symOf(object, at);
    const callee = receiver ? member(receiver, written) : (at.bindings.get(written) ?? { path: [written] });
    const receiverType = object && receiverTypeOf(object, at);
    const view = callView(node, { callee, ...(receiver && { receiver }), ...(receiverType && { receiverType }) }, at);
    if (callee.from || !object) {
      at.out.emit('call', node.span, { callee, args: argumentsOf(node).map((each) => valueOf(each, at)) });
    }
    const env = envOf(node, at);
    if (env.k === 'env') at.out.emit('env-read', node.span, { name: env.name });
    for (const handle of at.handlers.call) handle(view, at.out.emit);
  }
  if (object) walk(object, { ...at, target: undefined });
  for (const each of argumentsOf(node)) walk(each, { ...at, target: undefined });
}

const argumentsOf = (node: SyntaxNode): readonly SyntaxNode[] =>
  (child(node, 'arguments')?.children ?? []).filter(({ type }) => !type.endsWith('comment'));

function callView(node: SyntaxNode, names: Pick<CallView, 'callee' | 'receiver' | 'receiverType'>, at: Place): CallView {
  const given = argumentsOf(node);
  return {
    span: node.span,
    ...names,
    ...(at.target && { assignedTo: at.target }),
    arg: (i) => {
      const value = given[i];
      return value && exprOf(value, at);
    },
  };
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
      const sym = symOf(object, at);
      if (!sym || sym.from) return sym;
      return sym.path.length === 1 ? at.scope.find(sym.path[0] ?? '')?.type : undefined;
    }
  }
}

/** A name as a symbol: `this.x` is the field `x`; a call in a chain ends its step with `()`. */
function symOf(node: SyntaxNode, at: Place): Sym | undefined {
  switch (node.type) {
    case 'identifier': {
      const name = textOf(at, node);
      if (at.scope.find(name)) return { path: [name] };
      return at.bindings.get(name) ?? (/^[A-Z]/.test(name) ? typeSym(node, at) : { path: [name] });
    }
    case 'this':
      return { path: ['this'] };
    case 'field_access': {
      const field = child(node, 'field');
      const object = child(node, 'object');
      if (!field || !object) return undefined;
      const name = textOf(at, field);
      if (object.type === 'this') return { path: at.members.has(name) ? [name] : ['this', name] };
      const of = symOf(object, at);
      return of && member(of, name);
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
  const value = valueOf(node, at);
  const is = value.k === 'lit' ? 'literal' : kinds[node.type];
  return opaque(node.span, is ?? 'other', () => value);
}
const kinds: Readonly<Record<string, Expr['is']>> = {
  lambda_expression: 'function',
  method_reference: 'function',
  method_invocation: 'call',
  object_creation_expression: 'call',
};

function valueOf(node: SyntaxNode, at: Place): Value {
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
      return node.children[0] ? valueOf(node.children[0], at) : unknown;
    case 'binary_expression': {
      const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
      return left && right && operator?.type === '+' ? cat([valueOf(left, at), valueOf(right, at)]) : unknown;
    }
    case 'element_value_array_initializer':
    case 'array_initializer':
      return { k: 'list', of: node.children.map((each) => valueOf(each, at)), open: false };
    case 'identifier':
    case 'field_access': {
      const i = node.type === 'identifier' ? at.parameters.indexOf(textOf(at, node)) : -1;
      if (i >= 0) return { k: 'param', fn: at.out.fn(), i };
      const sym = symOf(node, at);
      return sym ? { k: 'ref', sym } : unknown;
    }
    case 'method_invocation': {
      return envOf(node, at);
    }
    default:
      return unknown;
  }
}

function envOf(node: SyntaxNode, at: Place): Value {
  const [name] = argumentsOf(node);
  const isEnv = /^(java\.lang\.)?System\s*\.\s*getenv\s*\(/.test(textOf(at, node));
  const key = isEnv && name ? valueOf(name, at) : unknown;
  return key.k === 'lit' && typeof key.v === 'string' ? { k: 'env', name: key.v } : unknown;
}

function number(written: string): Value {
  const value = Number(written.replaceAll('_', '').replace(/(?<!^0[xX].*)[lLfFdD]$/, ''));
  return Number.isNaN(value) ? unknown : lit(value);
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
