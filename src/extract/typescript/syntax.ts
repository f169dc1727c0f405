import type { Span } from '../../model/facts.ts';
import type { Engine, Node } from './parse.ts';

/** What the rest of this folder calls a node, whichever parser it is from. */
export type Kind =
  | 'name'
  | 'this'
  | 'super'
  | 'member'
  | 'index'
  | 'call'
  | 'new'
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'template'
  | 'object'
  | 'list'
  | 'function'
  | 'class'
  | 'await'
  | 'logical'
  | 'binary'
  | 'unary'
  | 'conditional'
  | 'assignment'
  | 'wrapper'
  | 'spread'
  | 'import-call'
  | 'other';

const kinds: Readonly<Record<string, Kind>> = {
  Identifier: 'name',
  IdentifierReference: 'name',
  IdentifierName: 'name',
  BindingIdentifier: 'name',
  ThisExpression: 'this',
  Super: 'super',
  StaticMemberExpression: 'member',
  PrivateFieldExpression: 'member',
  ComputedMemberExpression: 'index',
  CallExpression: 'call',
  NewExpression: 'new',
  StringLiteral: 'string',
  NumericLiteral: 'number',
  BooleanLiteral: 'boolean',
  NullLiteral: 'null',
  TemplateLiteral: 'template',
  ObjectExpression: 'object',
  ArrayExpression: 'list',
  FunctionDeclaration: 'function',
  FunctionExpression: 'function',
  TSDeclareFunction: 'function',
  TSEmptyBodyFunctionExpression: 'function',
  ArrowFunctionExpression: 'function',
  ClassDeclaration: 'class',
  ClassExpression: 'class',
  AwaitExpression: 'await',
  LogicalExpression: 'logical',
  BinaryExpression: 'binary',
  UnaryExpression: 'unary',
  ConditionalExpression: 'conditional',
  AssignmentExpression: 'assignment',
  ParenthesizedExpression: 'wrapper',
  ChainExpression: 'wrapper',
  TSAsExpression: 'wrapper',
  TSSatisfiesExpression: 'wrapper',
  TSNonNullExpression: 'wrapper',
  TSTypeAssertion: 'wrapper',
  TSInstantiationExpression: 'wrapper',
  SpreadElement: 'spread',
  ImportExpression: 'import-call',
};

export function kindOf(node: Node): Kind {
  const type: string = node.type;
  if (type === 'MemberExpression') return node.computed ? 'index' : 'member';
  if (type === 'Literal') return literalKind(node);
  return kinds[type] ?? 'other';
}
function literalKind({ value, regex, bigint }: Node): Kind {
  if (regex || bigint) return 'other';
  if (value === null) return 'null';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'other';
}

export const spanOf = (node: Node): Span => [node.start, node.end];
const none: Node[] = [];
/** Elements of a list of either tree; one of them is a proxy that is slow to index. */
export const list = (nodes: Node): Node[] => (nodes && nodes.length > 0 ? Array.from(nodes) : none);

/** Without parentheses, optional chaining, casts and non-null assertions. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (inner && kindOf(inner) === 'wrapper') inner = inner.expression;
  return inner;
}

/** The literal key of a property or member; undefined where it is computed at run time. */
export function keyOf(holder: Node): string | undefined {
  const key = holder.key ?? holder.property;
  const kind = kindOf(key);
  const computed = holder.computed ?? holder.type === 'ComputedMemberExpression';
  if (kind === 'string' || kind === 'number') return String(key.value);
  if (computed) return undefined;
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : key.name;
}

export interface Property {
  readonly key: string | undefined;
  readonly value: Node;
  readonly spread: boolean;
}
export const propertiesOf = (object: Node): Property[] =>
  list(object.properties).map((property) =>
    property.type === 'SpreadElement'
      ? { key: undefined, value: property.argument, spread: true }
      : { key: keyOf(property), value: property.value, spread: false },
  );

export interface Parameter {
  readonly pattern: Node;
  readonly type: Node | undefined;
  /** Default value. */
  readonly initial: Node | undefined;
  readonly decorators: readonly Node[];
  /** `constructor(private readonly x: T)`: also a field. */
  readonly field: boolean;
}
export function parametersOf(fn: Node, text: string): Parameter[] {
  const params = fn.params;
  if (!params) return [];
  const items: Node[] = list(params.items ?? params);
  return items.map((item) => {
    const inner = item.type === 'TSParameterProperty' ? item.parameter : item;
    const pattern = inner.pattern ?? (inner.type === 'AssignmentPattern' ? inner.left : inner);
    const decorators = list(item.decorators).concat(item === inner ? [] : list(inner.decorators));
    const from = decorators.at(-1)?.end ?? item.start;
    return {
      pattern,
      type: inner.typeAnnotation ?? pattern.typeAnnotation ?? undefined,
      initial: inner.initializer ?? (inner.type === 'AssignmentPattern' ? inner.right : undefined) ?? undefined,
      decorators,
      field: /\b(?:private|public|protected|readonly)\b/.test(text.slice(from, pattern.start)),
    };
  });
}

/** The name of the type in an annotation, as written: `a.B` of `: a.B<C> | undefined`. */
export function typeNameOf(annotation: Node | undefined, text: string): string[] | undefined {
  return annotation ? typeNameIn(text.slice(annotation.start, annotation.end)) : undefined;
}
/** The type of one member of a type that is written out: `{ app }: { app: Application }`. */
export function memberTypeOf(annotation: Node | undefined, key: string, text: string): string[] | undefined {
  if (!annotation || !/^[\w$]+$/.test(key)) return undefined;
  const [, members] =
    /^\s*:?\s*(?:Readonly<\s*)?\{([\s\S]*)\}\s*>?\s*$/.exec(text.slice(annotation.start, annotation.end)) ?? [];
  if (members === undefined || members.length > 2000) return undefined;
  let flat = members;
  for (let before = ''; before !== flat; ) [before, flat] = [flat, flat.replace(/\{[^{}]*\}|\([^()]*\)/g, ' ')];
  const found = new RegExp(`(?:^|[;,\\n])\\s*(?:readonly\\s+)?${key.replaceAll('$', '\\$')}\\??\\s*(:[^;,\\n]*)`).exec(
    flat,
  )?.[1];
  return found === undefined ? undefined : typeNameIn(found);
}
/** The declared type of a variable, from the text, because one of the parsers does not expose it. */
export function declaredTypeOf(declarator: Node, text: string): string[] | undefined {
  const { id, init } = declarator;
  // One parser ends the name's span before the annotation, the other after it.
  const from = id.start + (id.name?.length ?? 0);
  if (!id.name) return undefined;
  let at = from;
  while (text.charCodeAt(at) <= 32) at++;
  const next = text[at];
  if (next !== ':' && next !== '!') return undefined;
  return typeNameIn(text.slice(from, init ? init.start : declarator.end));
}
function typeNameIn(text: string): string[] | undefined {
  const found = /^[!?\s]*:\s*(?:Promise<\s*)?([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)/.exec(text)?.[1];
  return found?.split('.').map((part) => part.trim());
}

/** Statements' declarations without their `export`. */
export function declarationOf(statement: Node): Node {
  return /^Export(?:Named|Default)?Declaration$/.test(statement.type) && statement.declaration
    ? statement.declaration
    : statement;
}

/** The node types to handle for each concept, which differ between the parsers. */
export const types = (engine: Engine) =>
  engine === 'lazy'
    ? {
        function: ['Function', 'ArrowFunctionExpression'],
        class: ['Class'],
        method: ['MethodDefinition'],
        property: ['ObjectProperty'],
        string: ['StringLiteral'],
        block: ['BlockStatement', 'FunctionBody', 'StaticBlock', 'TSModuleBlock'],
        member: ['StaticMemberExpression', 'ComputedMemberExpression'],
      }
    : {
        function: [
          'FunctionDeclaration',
          'FunctionExpression',
          'ArrowFunctionExpression',
          'TSDeclareFunction',
          'TSEmptyBodyFunctionExpression',
        ],
        class: ['ClassDeclaration', 'ClassExpression'],
        method: ['MethodDefinition', 'TSAbstractMethodDefinition'],
        property: ['Property'],
        string: ['Literal'],
        block: ['BlockStatement', 'StaticBlock', 'TSModuleBlock'],
        member: ['MemberExpression'],
      };
