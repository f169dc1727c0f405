import type { Sym, Value } from '../../model/facts.ts';
import { own } from '../../model/own.ts';
import { concat } from '../concat.ts';
import type { Expr } from '../language.ts';
import { numeric } from '../recognise.ts';
import type { Node } from './parse.ts';
import {
  declarationOf,
  declaredTypeOf,
  keyOf,
  kindOf,
  list,
  memberTypeOf,
  parametersOf,
  propertiesOf,
  spanOf,
  typeNameOf,
  unwrap,
} from './syntax.ts';

/**
 * Names of one file: which import, global or local a name stands for, what it holds and of which type it is.
 * Purely syntactic: no type checker, so an unknown answer is `undefined` or `unknown`, never a guess.
 */
interface Binding {
  readonly sym: Sym;
  readonly scope: Scope;
  /** What the name is initialised with, and which part of that it takes (destructuring). */
  readonly init?: Node;
  readonly take?: readonly string[];
  /** Default in a destructuring or a parameter. */
  readonly fallback?: Node;
  readonly type?: readonly string[];
  /** `const`, `enum`, import: never assigned again. */
  readonly constant: boolean;
  readonly imported?: Sym;
  readonly param?: { readonly fn: number; readonly i: number };
  readonly members?: Node;
}
interface Fields {
  readonly name: string;
  readonly fields: Map<string, { readonly type?: readonly string[]; readonly init?: Node; readonly scope: Scope }>;
}
export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Binding>;
  readonly fn: number;
  readonly owner: Fields | undefined;
  readonly text: string;
}

const unknown: Value = { k: 'unknown' };
/** Chains of constants longer than this are not followed. */
const DEPTH = 12;

/** The scope of a whole file. Its names are declared when one is first asked for: in most files, never. */
export const rootScope = (statements: readonly Node[], text: string): Scope => {
  let names: Map<string, Binding> | undefined;
  const scope: Scope = {
    parent: undefined,
    get names() {
      if (names) return names;
      names = new Map();
      declareAll(statements, scope);
      return names;
    },
    fn: -1,
    owner: undefined,
    text,
  };
  return scope;
};
export const childScope = (parent: Scope, fn = parent.fn, owner = parent.owner): Scope => ({
  parent,
  names: new Map(),
  fn,
  owner,
  text: parent.text,
});

function find(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Local names are told apart by their function, so that two clients called `c` are two. */
const localSym = (scope: Scope, name: string): Sym => ({ path: [scope.fn === -1 ? name : `${name}@${scope.fn}`] });

/** Declares what the statements of one block declare, before any of them is looked at (hoisting). */
export function declareAll(statements: readonly Node[], scope: Scope): void {
  for (const statement of statements) declareStatement(statement, scope);
}
function declareStatement(statement: Node, scope: Scope): void {
  const node = declarationOf(statement);
  const plain = (name: string | undefined, more: Partial<Binding> = {}) => {
    if (name) scope.names.set(name, { sym: localSym(scope, name), scope, constant: true, ...more });
  };
  switch (node.type) {
    case 'ImportDeclaration':
      declareImport(statement, scope);
      return;
    case 'TSImportEqualsDeclaration':
      declareImportEquals(statement, scope);
      return;
    case 'VariableDeclaration':
      for (const declarator of list(node.declarations)) declareVariable(declarator, node.kind, scope);
      return;
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      plain(node.id?.name);
      return;
    case 'TSEnumDeclaration':
      plain(node.id.name, { members: node });
  }
}
function declareImport(statement: Node, scope: Scope): void {
  const from: string = statement.source.value;
  for (const specifier of list(statement.specifiers)) {
    const path =
      specifier.type === 'ImportDefaultSpecifier'
        ? ['default']
        : specifier.type === 'ImportNamespaceSpecifier'
          ? []
          : [specifier.imported.name ?? specifier.imported.value];
    const imported: Sym = { from, path };
    scope.names.set(specifier.local.name, { sym: imported, imported, scope, constant: true });
  }
}
function declareImportEquals(statement: Node, scope: Scope): void {
  const from = statement.moduleReference?.expression?.value;
  if (typeof from !== 'string') return;
  const imported: Sym = { from, path: [] };
  scope.names.set(statement.id.name, { sym: imported, imported, scope, constant: true });
}
export function declareVariable(declarator: Node, kind: string, scope: Scope): void {
  const type = declaredTypeOf(declarator, scope.text);
  const constant =
    kind === 'const' || kind === 'using' || kind === 'await using' || assignedOnce(declarator, scope.text);
  const base = { constant, ...(type && { type }) };
  declarePattern(declarator.id, scope, { ...base, ...(declarator.init && { init: declarator.init }) }, []);
}
/** `var url = …` that nothing in the file assigns again is a constant too. */
const assignedOnce = ({ id, init }: Node, text: string): boolean =>
  init !== undefined && init !== null && typeof id.name === 'string' && !isAssignedTwice(text, id.name);
const assigns = /\s*(?::[^=;\n]{0,120})?(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\s*(?:\+\+|--)/y;
/** Whether a name seems to be assigned more than once; strings and comments count too, which is safe. */
function isAssignedTwice(text: string, name: string): boolean {
  let seen = 0;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    const end = at + name.length;
    if (/[.\w$]/.test(text.charAt(at - 1)) || /[\w$]/.test(text.charAt(end))) continue;
    assigns.lastIndex = end;
    if (!assigns.test(text) && !/(?:\+\+|--)\s*$/.test(text.slice(Math.max(0, at - 10), at))) continue;
    seen++;
    if (seen > 1) return true;
  }
  return false;
}
function declarePattern(
  pattern: Node,
  scope: Scope,
  more: Omit<Partial<Binding>, 'sym' | 'scope'>,
  take: readonly string[],
  /** The type that is written behind the whole pattern. */
  annotation?: Node,
): void {
  if (!pattern) return;
  if (pattern.type === 'AssignmentPattern') {
    declarePattern(pattern.left, scope, { ...more, fallback: pattern.right }, take, annotation);
    return;
  }
  if (pattern.type === 'ObjectPattern') {
    declareRest(pattern, scope);
    for (const property of list(pattern.properties)) {
      if (!property.value) continue;
      const key = keyOf(property);
      const { fallback: _, type: __, ...rest } = more;
      const type = key === undefined ? undefined : memberTypeOf(annotation, key, scope.text);
      if (key === undefined) declarePattern(property.value, scope, { constant: false }, []);
      else declarePattern(property.value, scope, { ...rest, ...(type && { type }) }, [...take, key]);
    }
    return;
  }
  if (pattern.type === 'ArrayPattern') {
    declareRest(pattern, scope);
    for (const element of list(pattern.elements)) declarePattern(element, scope, { constant: false }, []);
    return;
  }
  if (pattern.type === 'RestElement' || pattern.type === 'BindingRestElement') {
    declarePattern(pattern.argument, scope, { constant: false }, []);
    return;
  }
  const name: string | undefined = pattern.name;
  if (!name) return;
  scope.names.set(name, {
    sym: localSym(scope, name),
    scope,
    constant: more.constant ?? false,
    ...more,
    ...(take.length > 0 && { take }),
  });
}

/** `...rest` of a pattern, from the text, because one of the parsers does not expose it. */
function declareRest(pattern: Node, scope: Scope): void {
  const text = scope.text.slice(pattern.start, pattern.end);
  if (!text.includes('...')) return;
  for (const [, name] of text.matchAll(/\.\.\.\s*([A-Za-z_$][\w$]*)\s*[}\]]/g)) {
    scope.names.set(name!, { sym: localSym(scope, name!), scope, constant: false });
  }
}

/** Declares a function's parameters in its own scope. */
export function declareParameters(fn: Node, scope: Scope): void {
  for (const [i, { pattern, type, initial }] of parametersOf(fn, scope.text).entries()) {
    const name = typeNameOf(type, scope.text);
    declarePattern(
      pattern,
      scope,
      {
        constant: true,
        param: { fn: scope.fn, i },
        ...(name && { type: name }),
        ...(initial && { fallback: initial }),
      },
      [],
      type,
    );
  }
  const head = scope.text.slice(fn.start, fn.body?.start ?? fn.end);
  const rest = head.includes('...') ? /\.\.\.\s*([A-Za-z_$][\w$]*)/.exec(head)?.[1] : undefined;
  if (rest && !scope.names.has(rest)) scope.names.set(rest, { sym: localSym(scope, rest), scope, constant: false });
}

/** A class's fields with their declared or initial types: properties, parameter properties, constructor assignments. */
export function fieldsOf(cls: Node, outer: Scope): Fields {
  const fields: Fields['fields'] = new Map();
  const add = (name: string | undefined, type: readonly string[] | undefined, init: Node, scope: Scope) => {
    if (name && !fields.has(name)) fields.set(name, { scope, ...(type && { type }), ...(init && { init }) });
  };
  const members = list(cls.body.body);
  for (const member of members) {
    if (member.type === 'PropertyDefinition') {
      add(keyOf(member), typeNameOf(member.typeAnnotation, outer.text), member.value, outer);
    }
  }
  const build = members.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor')?.value;
  if (build) {
    const parameters = parametersOf(build, outer.text);
    const types = new Map(
      parameters.map(({ pattern, type }) => [pattern.name as string | undefined, typeNameOf(type, outer.text)]),
    );
    for (const { pattern, type, field, initial } of parameters) {
      if (field) add(pattern.name, typeNameOf(type, outer.text), initial, outer);
    }
    for (const statement of list(build.body?.body)) {
      const assignment = statement.type === 'ExpressionStatement' ? unwrap(statement.expression) : undefined;
      if (assignment?.type !== 'AssignmentExpression') continue;
      const { left, right } = assignment;
      if (kindOf(left) !== 'member' || kindOf(left.object) !== 'this') continue;
      const source = unwrap(right);
      add(keyOf(left), kindOf(source) === 'name' ? types.get(source.name) : undefined, source, outer);
    }
  }
  return { name: cls.id?.name ?? '', fields };
}

const append = (sym: Sym | undefined, ...path: readonly string[]): Sym | undefined =>
  sym && simplify({ ...sym, path: [...sym.path, ...path] });

const globalObjects = new Set(['globalThis', 'global', 'window', 'self']);
function simplify(sym: Sym): Sym {
  if (sym.from !== 'globalThis' || sym.path.length < 2 || !globalObjects.has(sym.path[0]!)) return sym;
  return { from: 'globalThis', path: sym.path.slice(1) };
}

/** What an expression names, with imports, aliases and destructuring applied; undefined for anything but a name. */
export function symOf(expression: Node, scope: Scope, depth = 0): Sym | undefined {
  const node = unwrap(expression);
  if (!node || depth > DEPTH) return undefined;
  switch (kindOf(node)) {
    case 'name':
      return symNamed(node.name, scope, depth);
    case 'this':
      return scope.owner ? { path: [scope.owner.name] } : { path: ['this'] };
    case 'member':
    case 'index': {
      const key = keyOf(node);
      return key === undefined ? undefined : append(symOf(node.object, scope, depth + 1), key);
    }
    case 'call': {
      const required = requiredBy(node, scope);
      if (required) return { from: required, path: [] };
      return append(symOf(node.callee, scope, depth + 1), '()');
    }
    case 'new':
      return append(symOf(node.callee, scope, depth + 1), '()');
    case 'import-call': {
      const spec = textOf(node.source);
      return spec === undefined ? undefined : { from: spec, path: [] };
    }
    case 'await':
      return symOf(node.argument, scope, depth + 1);
    default:
      return undefined;
  }
}
/** What a name stands for where it is visible. */
export function symNamed(name: string, scope: Scope, depth = 0): Sym {
  const binding = find(scope, name);
  return binding ? symOfBinding(binding, depth) : { from: 'globalThis', path: [name] };
}
function symOfBinding(binding: Binding, depth: number): Sym {
  if (binding.imported) return binding.imported;
  const source = binding.init ?? (binding.param ? binding.fallback : undefined);
  if (!binding.constant || !source) return binding.sym;
  const node = unwrap(source);
  const kind = kindOf(kindOf(node) === 'await' ? unwrap(node.argument) : node);
  const alias =
    kind === 'name' ||
    kind === 'member' ||
    kind === 'index' ||
    kind === 'import-call' ||
    (kind === 'call' && (binding.take !== undefined || requiredBy(node, binding.scope) !== undefined));
  if (!alias) return binding.sym;
  return append(symOf(node, binding.scope, depth + 1), ...(binding.take ?? [])) ?? binding.sym;
}

/** The specifier of `require('x')`, by whatever name `require` has here; undefined for a call of anything else. */
export function requiredBy(call: Node, scope: Scope): string | undefined {
  return isRequire(call, scope) ? textOf(call.arguments[0]) : undefined;
}
/** Whether a call requires: `require`, unless a local name hides it, `module.require`, and what `createRequire` returned. */
export function isRequire(call: Node, scope: Scope): boolean {
  const callee = kindOf(call) === 'call' ? unwrap(call.callee) : undefined;
  if (!callee) return false;
  switch (kindOf(callee)) {
    case 'name': {
      const binding = find(scope, callee.name);
      return binding
        ? binding.init !== undefined && makesRequire(binding.init, binding.scope)
        : callee.name === 'require';
    }
    case 'member': {
      const object = unwrap(callee.object);
      return (
        keyOf(callee) === 'require' && kindOf(object) === 'name' && object.name === 'module' && !find(scope, 'module')
      );
    }
    default:
      return makesRequire(callee, scope);
  }
}
function makesRequire(expression: Node, scope: Scope): boolean {
  const node = unwrap(expression);
  if (kindOf(node) !== 'call') return false;
  const callee = unwrap(node.callee);
  const name = kindOf(callee) === 'member' ? keyOf(callee) : callee.name;
  return name !== undefined && symOf(callee, scope)?.path.at(-1) === 'createRequire';
}
/** The text of a string literal or of a template without expressions. */
export function textOf(node: Node): string | undefined {
  if (!node) return undefined;
  const kind = kindOf(node);
  if (kind === 'string') return node.value;
  if (kind === 'template' && list(node.expressions).length === 0) return node.quasis[0].value.cooked ?? undefined;
  return undefined;
}

/** The type of an expression as far as syntax tells: annotation, `new X`, the result of a call. */
export function typeOf(expression: Node, scope: Scope, depth = 0): Sym | undefined {
  const node = unwrap(expression);
  if (!node || depth > DEPTH) return undefined;
  switch (kindOf(node)) {
    case 'name': {
      const binding = find(scope, node.name);
      if (!binding) return undefined;
      if (binding.type) return typeNamed(binding.type, binding.scope);
      if (binding.take) return undefined;
      const source = binding.init ?? binding.fallback;
      return source && typeOf(source, binding.scope, depth + 1);
    }
    case 'member': {
      if (kindOf(node.object) !== 'this') return undefined;
      const field = scope.owner?.fields.get(keyOf(node) ?? '');
      if (!field) return undefined;
      return field.type ? typeNamed(field.type, field.scope) : field.init && typeOf(field.init, field.scope, depth + 1);
    }
    case 'this':
      return scope.owner ? { path: [scope.owner.name] } : undefined;
    case 'new':
      return symOf(node.callee, scope, depth + 1);
    case 'call':
      return symOf(node, scope, depth + 1);
    case 'await':
      return typeOf(node.argument, scope, depth + 1);
    case 'logical':
      return typeOf(node.left, scope, depth + 1) ?? typeOf(node.right, scope, depth + 1);
    case 'assignment':
      return typeOf(node.right, scope, depth + 1);
    default:
      return undefined;
  }
}
function typeNamed(name: readonly string[], scope: Scope): Sym | undefined {
  const [head, ...rest] = name;
  if (head === undefined) return undefined;
  const binding = find(scope, head);
  return append(binding ? (binding.imported ?? binding.sym) : { from: 'globalThis', path: [head] }, ...rest);
}

/** The environment variable that a name reads, if it is one. */
export function envOf({ from, path }: Sym): string | undefined {
  if (from === 'globalThis' && path.length === 3 && path[0] === 'process' && path[1] === 'env') return path[2];
  if (from !== 'process' && from !== 'node:process') return undefined;
  const rest = path[0] === 'default' ? path.slice(1) : path;
  return rest.length === 2 && rest[0] === 'env' ? rest[1] : undefined;
}

/** The symbolic value of an expression. */
export function valueIn(expression: Node, scope: Scope, depth = 0): Value {
  const node = unwrap(expression);
  if (!node || depth > DEPTH) return unknown;
  const inner = (of: Node) => valueIn(of, scope, depth + 1);
  switch (kindOf(node)) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof node.value === 'number' ? numeric(node.value) : { k: 'lit', v: node.value };
    case 'null':
      return { k: 'lit', v: null };
    case 'template':
      return concat(
        list(node.quasis).flatMap((quasi, i) => {
          const text: Value = { k: 'lit', v: quasi.value.cooked ?? '' };
          const expressions = list(node.expressions);
          return i < expressions.length ? [text, inner(expressions[i])] : [text];
        }),
      );
    case 'binary':
      return arithmetic(node.operator, inner(node.left), inner(node.right));
    case 'unary': {
      const value = inner(node.argument);
      return node.operator === '-' && value.k === 'lit' && typeof value.v === 'number' ? numeric(-value.v) : unknown;
    }
    case 'logical':
      return choice(node.operator, inner(node.left), () => inner(node.right));
    case 'object':
      return objectValue(node, inner);
    case 'list': {
      const elements = list(node.elements);
      const open = elements.some((element) => element?.type === 'SpreadElement');
      return { k: 'list', open, of: elements.filter((element) => element?.type !== 'SpreadElement').map(inner) };
    }
    case 'name':
      return nameValue(node.name, scope, depth);
    case 'member':
    case 'index':
      return memberValue(node, scope, depth);
    case 'new':
    case 'call':
      return callValue(node, scope, depth);
    case 'await':
      return inner(node.argument);
    default:
      return unknown;
  }
}
function arithmetic(operator: string, left: Value, right: Value): Value {
  if (left.k === 'lit' && right.k === 'lit' && typeof left.v === 'number' && typeof right.v === 'number') {
    const [a, b] = [left.v, right.v];
    const result =
      operator === '+'
        ? a + b
        : operator === '-'
          ? a - b
          : operator === '*'
            ? a * b
            : operator === '/'
              ? a / b
              : undefined;
    return result === undefined ? unknown : numeric(result);
  }
  return operator === '+' ? concat([left, right]) : unknown;
}
function choice(operator: string, left: Value, right: () => Value): Value {
  if (operator === '&&') return unknown;
  if (left.k === 'env') return left.or ? left : { ...left, or: right() };
  if (left.k === 'lit') return (operator === '??' ? left.v === null : !left.v) ? right() : left;
  return unknown;
}
/** `__proto__` is no key: it may bring any. */
function objectValue(node: Node, inner: (of: Node) => Value): Value {
  const of: Record<string, Value> = {};
  let open = false;
  for (const { key, value, spread } of propertiesOf(node)) {
    const known = spread ? inner(value) : undefined;
    if (known?.k === 'obj') {
      Object.assign(of, known.of);
      open ||= known.open;
    } else if (key === undefined || key === '__proto__') open = true;
    else of[key] = inner(value);
  }
  return { k: 'obj', of, open };
}
function nameValue(name: string, scope: Scope, depth: number): Value {
  const binding = find(scope, name);
  if (!binding)
    return name === 'undefined' ? { k: 'lit', v: null } : { k: 'ref', sym: { from: 'globalThis', path: [name] } };
  if (binding.imported) return { k: 'ref', sym: binding.imported };
  if (binding.param) {
    const env = envOf(symOfBinding(binding, depth));
    if (env) return { k: 'env', name: env };
    return binding.take ? unknown : { k: 'param', ...binding.param };
  }
  if (!binding.constant) return unknown;
  const { init, take, fallback } = binding;
  if (!init) return { k: 'ref', sym: binding.sym };
  if (!take) {
    const value = valueIn(init, binding.scope, depth + 1);
    return value.k === 'unknown' ? { k: 'ref', sym: binding.sym } : value;
  }
  const sym = symOfBinding(binding, depth);
  const env = envOf(sym);
  if (env) return { k: 'env', name: env, ...(fallback && { or: valueIn(fallback, binding.scope, depth + 1) }) };
  return take.reduce<Value>(pick, valueIn(init, binding.scope, depth + 1));
}
function pick(value: Value, key: string): Value {
  if (value.k === 'obj') return own(value.of, key) ?? unknown;
  if (value.k === 'ref') return { k: 'ref', sym: { ...value.sym, path: [...value.sym.path, key] } };
  return unknown;
}
function memberValue(node: Node, scope: Scope, depth: number): Value {
  const sym = symOf(node, scope, depth);
  const env = sym && envOf(sym);
  if (env) return { k: 'env', name: env };
  const key = keyOf(node);
  if (key === undefined) return unknown;
  const object = unwrap(node.object);
  if (key === 'href') return valueIn(object, scope, depth + 1);
  if (kindOf(object) === 'this') {
    const field = scope.owner?.fields.get(key);
    return field?.init ? valueIn(field.init, field.scope, depth + 1) : unknown;
  }
  const members = kindOf(object) === 'name' ? find(scope, object.name)?.members : undefined;
  if (members) {
    const member = list((members.body?.members ?? members.members) as Node).find(
      ({ id }) => (id.name ?? id.value) === key,
    );
    return member?.initializer ? valueIn(member.initializer, scope, depth + 1) : unknown;
  }
  return pick(valueIn(object, scope, depth + 1), key);
}
function callValue(node: Node, scope: Scope, depth: number): Value {
  const args = list(node.arguments);
  const arg = (i: number) => valueIn(args[i], scope, depth + 1);
  const callee = unwrap(node.callee);
  const sym = symOf(callee, scope, depth);
  if (sym?.from === 'globalThis' && sym.path.length === 1) {
    if (sym.path[0] === 'URL' && args.length === 2) return concat([arg(1), arg(0)]);
    if (/^(?:URL|String|Number|parseInt|parseFloat)$/.test(sym.path[0]!) && args.length > 0) return arg(0);
  }
  if (kindOf(callee) === 'member' && /^(?:toString|trim)$/.test(keyOf(callee) ?? '')) {
    return valueIn(callee.object, scope, depth + 1);
  }
  return unknown;
}

/** An expression as recognisers see it. */
export function exprOf(node: Node, scope: Scope): Expr {
  const inner = unwrap(node);
  return {
    span: spanOf(node),
    is: shapeOf(inner),
    value: () => valueIn(inner, scope),
    prop: (name) => propOf(inner, scope, name, 0),
  };
}
const literal = new Set(['string', 'number', 'boolean', 'null', 'template']);
function shapeOf(node: Node): Expr['is'] {
  const kind = kindOf(node);
  if (literal.has(kind)) return 'literal';
  return kind === 'object' || kind === 'function' || kind === 'call' ? kind : 'other';
}
function propOf(expression: Node, scope: Scope, name: string, depth: number): Expr | 'absent' | 'unknown' {
  const node = unwrap(expression);
  if (depth > DEPTH || !node) return 'unknown';
  const kind = kindOf(node);
  if (literal.has(kind) || kind === 'function' || kind === 'list' || kind === 'binary') return 'absent';
  if (kind === 'name') {
    const binding = find(scope, node.name);
    if (!binding && node.name === 'undefined') return 'absent';
    if (!binding?.constant || !binding.init || binding.take) return 'unknown';
    return propOf(binding.init, binding.scope, name, depth + 1);
  }
  if (kind !== 'object') return 'unknown';
  let open = false;
  for (const { key, value, spread } of propertiesOf(node).reverse()) {
    if (key === name) return exprOf(value, scope);
    if (spread) {
      const inside = propOf(value, scope, name, depth + 1);
      if (inside !== 'absent' && inside !== 'unknown') return inside;
      open ||= inside === 'unknown';
    } else if (key === undefined || key === '__proto__') open = true;
  }
  return open ? 'unknown' : 'absent';
}
