import { type Node, parse } from '../../extract/typescript/parse.ts';
import { keyOf, kindOf, list, unwrap } from '../../extract/typescript/syntax.ts';
import type { Path } from '../../model/facts.ts';

/** Something that only running a program could tell; `at` is its offset. */
export class NotLiteral extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
type Json = null | string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json };

/**
 * What a file of JSON (with comments), or a module that exports one value, evaluates to without being run: literals,
 * constants of the same file, spreads, concatenation, `[…].join('…')`. Throws `NotLiteral` for anything else.
 */
export function literalOf(path: Path, text: string): Json {
  const json = path.endsWith('.json');
  const shift = json ? 1 : 0;
  const parsed = parse(json ? 'json.js' : path, json ? `(${text}\n)` : text, 'plain');
  const [message] = parsed.errors;
  if (message !== undefined) throw new NotLiteral(message.replace(/\.$/, ''), 0);
  const constants = new Map<string, Node>();
  let exported: Node;
  for (const statement of list(parsed.program.body)) {
    if (statement.type === 'VariableDeclaration' && statement.kind === 'const') {
      for (const { id, init } of list(statement.declarations)) if (id.name && init) constants.set(id.name, init);
    } else if (statement.type === 'ExportDefaultDeclaration') exported = statement.declaration;
    else if (statement.type === 'ExpressionStatement' && !statement.directive) {
      const { expression } = statement;
      if (json) exported = expression;
      else if (expression.type === 'AssignmentExpression' && isModuleExports(expression.left))
        exported = expression.right;
      else throw new NotLiteral('a statement that does something', statement.start);
    } else if (!/^(?:TS|Import|ExpressionStatement|EmptyStatement)/.test(statement.type)) {
      throw new NotLiteral('a statement that does something', statement.start);
    }
  }
  if (!exported) throw new NotLiteral('it exports nothing', 0);

  const open = new Set<string>();
  const refuse = (node: Node, what: string): never => {
    throw new NotLiteral(what, Math.max(0, node.start - shift));
  };
  const evaluated = (expression: Node): Json => {
    const node = unwrap(expression);
    switch (kindOf(node)) {
      case 'string':
      case 'number':
      case 'boolean':
        return node.value;
      case 'null':
        return null;
      case 'template':
        return list(node.quasis)
          .map(
            (quasi, i) =>
              quasi.value.cooked + (i < node.expressions.length ? String(evaluated(node.expressions[i])) : ''),
          )
          .join('');
      case 'list':
        return list(node.elements).flatMap((element) => {
          if (!element) return refuse(node, 'a hole in a list');
          if (element.type !== 'SpreadElement') return [evaluated(element)];
          const spread = evaluated(element.argument);
          return Array.isArray(spread) ? spread : refuse(element, 'a spread of something that is no list');
        });
      case 'object':
        return Object.fromEntries(
          list(node.properties).flatMap((property) => {
            if (property.type === 'SpreadElement') {
              const spread = evaluated(property.argument);
              return typeof spread === 'object' && spread !== null
                ? Object.entries(spread)
                : refuse(property, 'a spread');
            }
            const key = keyOf(property);
            if (key === undefined || property.method || property.kind !== 'init')
              return refuse(property, 'a computed key or a method');
            return [[key, evaluated(property.value)] as const];
          }),
        );
      case 'unary': {
        const value = evaluated(node.argument);
        if (node.operator === '!') return !value;
        return node.operator === '-' && typeof value === 'number'
          ? -value
          : refuse(node, `the operator ${node.operator}`);
      }
      case 'binary':
        return node.operator === '+'
          ? (evaluated(node.left) as string) + (evaluated(node.right) as string)
          : refuse(node, `the operator ${node.operator}`);
      case 'name':
        return constant(node);
      case 'member': {
        const object = evaluated(node.object);
        const key = keyOf(node);
        return key !== undefined && typeof object === 'object' && object !== null && Object.hasOwn(object, key)
          ? (object as Record<string, Json>)[key]
          : refuse(node, 'a property that is not known');
      }
      case 'call':
        return joined(node);
      default:
        return refuse(node, 'an expression that has to be run');
    }
  };
  const constant = (node: Node): Json => {
    if (node.name === 'undefined') return undefined;
    const init = constants.get(node.name);
    if (!init || open.has(node.name)) return refuse(node, `the name ${node.name}`);
    open.add(node.name);
    const value = evaluated(init);
    open.delete(node.name);
    return value;
  };
  const joined = (node: Node): Json => {
    const callee = unwrap(node.callee);
    const parts = kindOf(callee) === 'member' && keyOf(callee) === 'join' ? evaluated(callee.object) : undefined;
    const [separator] = list(node.arguments);
    return Array.isArray(parts) ? parts.join(separator ? String(evaluated(separator)) : ',') : refuse(node, 'a call');
  };
  return evaluated(exported);
}

function isModuleExports(node: Node): boolean {
  return kindOf(node) === 'member' && node.object.name === 'module' && keyOf(node) === 'exports';
}
