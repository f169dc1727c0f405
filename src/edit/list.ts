import { Node } from 'ts-morph';
import type { Imported } from './operation.ts';
import { append, callsOf, edited, importOf, literal, open, type Source, type Text, unknownShape } from './source.ts';

/** `consumers.ts` or `jobs.ts` with one more import and one more item in its list; the text itself where it is there. */
export function withItem(file: Text, list: 'consumers' | 'jobs', { name, from }: Imported, lines: string): string {
  const source = open(file, lines);
  const array = arrayNamed(source, list);
  if (array.getElements().some((one) => one.getText() === name)) return file.text;
  const added = importOf(source, name, from);
  return edited(file.text, source, [...(added ? [added] : []), ...append(source, array, name)]);
}

/** The events that the list consumes in place, as written: `catalogContract.events.productDeleted`. */
export function consumedIn(file: Text): readonly string[] {
  const source = open(file, '');
  return callsOf(source, 'consume').flatMap((call) => call.getArguments()[0]?.getText() ?? []);
}

function arrayNamed(source: Source, name: string) {
  const declaration = source.file.getVariableDeclaration(name);
  const value = literal(declaration?.getInitializer());
  if (Node.isArrayLiteralExpression(value)) return value;
  throw unknownShape(source, `it has no list \`export const ${name} = [ … ]\``, declaration?.getStart() ?? 0);
}
