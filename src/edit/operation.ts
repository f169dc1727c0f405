import { Node, type ObjectLiteralExpression } from 'ts-morph';
import {
  append,
  callOf,
  declared,
  edited,
  has,
  importOf,
  literal,
  nameOf,
  open,
  property,
  type Source,
  type Text,
  unknownShape,
} from './source.ts';

/** An entry of a contract, as its own lines; or the import and entry of a handler, a consumer, a job. */
export interface Entry {
  /** Its key or name. */
  readonly name: string;
  readonly lines: string;
}
export interface Imported {
  readonly name: string;
  readonly from: string;
}
/** What a contract says already. */
export interface Stated {
  readonly operations: readonly { readonly name: string; readonly method?: string; readonly path?: string }[];
  readonly events: readonly string[];
}

/** `contract.ts` with one more operation; the text itself where it has that operation. */
export function withOperation(contract: Text, entry: Entry): string {
  const source = open(contract, entry.lines);
  const operations = objectIn(source, contractParts(source), 'operations');
  if (has(operations, entry.name)) return contract.text;
  return edited(contract.text, source, append(source, operations, entry.lines));
}

/** What `contract.ts` states; operations whose method or path is computed have none here. */
export function stated(contract: Text): Stated {
  const source = open(contract, '');
  const parts = contractParts(source);
  const operations = objectIn(source, parts, 'operations').getProperties();
  const events = literal(property(parts, 'events'));
  return {
    operations: operations.flatMap((one) => {
      const name = nameOf(one);
      if (name === undefined) return [];
      const value = Node.isPropertyAssignment(one) ? literal(one.getInitializer()) : undefined;
      const draft = Node.isCallExpression(value) ? literal(value.getArguments()[0]) : undefined;
      const text = (key: string) => {
        const found = Node.isObjectLiteralExpression(draft) ? literal(property(draft, key)) : undefined;
        return Node.isStringLiteral(found) ? found.getLiteralText() : undefined;
      };
      const [method, path] = [text('method'), text('path')];
      return [{ name, ...(method ? { method } : {}), ...(path ? { path } : {}) }];
    }),
    events: Node.isObjectLiteralExpression(events) ? events.getProperties().flatMap((one) => nameOf(one) ?? []) : [],
  };
}

/** `module.ts` with the handler of one more operation: `name: handler(ctx)`. */
export function withHandler(module: Text, { name, from }: Imported, lines: string): string {
  const source = open(module, lines);
  const { parts, context } = moduleParts(source);
  const operations = objectIn(source, parts, 'operations');
  if (has(operations, name)) return module.text;
  const added = importOf(source, name, from);
  return edited(module.text, source, [
    ...(added ? [added] : []),
    ...append(source, operations, `${name}: ${name}(${context})`),
  ]);
}

/** `module.ts` that gives its list of consumers or jobs to the host; the text itself where it does. */
export function withPart(module: Text, part: 'consumers' | 'jobs', lines: string): string {
  const source = open(module, lines);
  const { parts } = moduleParts(source);
  if (has(parts, part)) return module.text;
  const added = importOf(source, part, `./${part}.ts`);
  return edited(module.text, source, [...(added ? [added] : []), ...append(source, parts, part)]);
}

/** Names that `module.ts` uses at its top level. */
export const namesIn = (module: Text): ReadonlySet<string> => declared(open(module, ''));

function contractParts(source: Source): ObjectLiteralExpression {
  const call = callOf(source, 'defineContract');
  const parts = literal(call?.getArguments()[1]);
  if (Node.isObjectLiteralExpression(parts)) return parts;
  throw unknownShape(source, 'it has no single defineContract(name, { … })', call?.getStart() ?? 0);
}

function moduleParts(source: Source): { readonly parts: ObjectLiteralExpression; readonly context: string } {
  const call = callOf(source, 'defineModule');
  const definition = literal(call?.getArguments()[0]);
  if (!Node.isObjectLiteralExpression(definition))
    throw unknownShape(source, 'it has no single defineModule({ … })', call?.getStart() ?? 0);
  const member = definition.getProperty('create');
  const create = Node.isMethodDeclaration(member) ? member : functionOf(property(definition, 'create'));
  const context = create?.getParameters()[0]?.getNameNode();
  if (!create || !Node.isIdentifier(context))
    throw unknownShape(source, 'its `create` is no function of one named context', definition.getStart());
  const body = create.getBody();
  const returned = Node.isBlock(body) ? body.getStatements().filter((one) => Node.isReturnStatement(one)) : undefined;
  const value = returned ? (returned.length === 1 ? returned[0]?.getExpression() : undefined) : body;
  const parts = literal(value);
  if (!Node.isObjectLiteralExpression(parts))
    throw unknownShape(source, 'its `create` does not return one object literal', create.getStart());
  return { parts, context: context.getText() };
}

function functionOf(node: Node | undefined) {
  if (Node.isArrowFunction(node) || Node.isFunctionExpression(node)) return node;
  if (!Node.isIdentifier(node)) return undefined;
  const named = node.getSourceFile().getFunction(node.getText());
  const value = named ?? node.getSourceFile().getVariableDeclaration(node.getText())?.getInitializer();
  return Node.isFunctionDeclaration(value) || Node.isArrowFunction(value) ? value : undefined;
}

function objectIn(source: Source, parts: ObjectLiteralExpression, key: string): ObjectLiteralExpression {
  const value = literal(property(parts, key));
  if (Node.isObjectLiteralExpression(value)) return value;
  throw unknownShape(source, `its \`${key}\` is no object literal`, parts.getStart());
}
