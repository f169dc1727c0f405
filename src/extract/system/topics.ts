import type { Fact, FileFacts, NameFact, Path, Value } from '../../model/facts.ts';
import type { Known } from '../../model/system.ts';
import type { Links, NamesOf } from '../language.ts';
import type { Evaluator } from '../link/values.ts';

/** `productCreated` → `product-created`. */
export const kebab = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3-$2$4').toLowerCase();

/**
 * The topic that a value names: a text, or an event of a contract (`catalogContract.events.productCreated` is
 * `catalog.product-created`, wherever the contract is imported from).
 */
export function topicReader(
  files: ReadonlyMap<Path, FileFacts>,
  namesOf: NamesOf,
  linksOf: (path: Path) => Links | undefined,
  evaluator: Evaluator,
): (value: Value, path: Path) => Known<string> {
  return (value, path) => {
    if (value.k !== 'ref') return evaluator.text(value, path);
    const origin = linksOf(path)?.origin?.(path, value.sym);
    if (!origin || !('path' in origin)) return { value: undefined, confidence: 'possible', via: [] };
    const [contract, events, key] = origin.sym.path;
    if (events !== 'events' || contract === undefined || key === undefined) return evaluator.text(value, path);
    const declaration = contractIn(files.get(origin.path), namesOf(origin.path), contract);
    const name = declaration && evaluator.text(declaration.name, origin.path).value;
    if (name === undefined) return { value: undefined, confidence: 'possible', via: [] };
    return {
      value: `${name}.${kebab(key)}`,
      confidence: 'certain',
      via: [{ path: origin.path, span: declaration!.span }],
    };
  };
}

/** The contract that a top-level name holds: of several in one file, the first after the name. */
export function contractIn(
  file: FileFacts | undefined,
  names: readonly NameFact[],
  name: string,
): Fact<'module-declaration'> | undefined {
  const binding = names.find((fact) => fact.kind === 'binding' && fact.name.path[0] === name);
  return file?.facts.find(
    (fact): fact is Fact<'module-declaration'> =>
      fact.kind === 'module-declaration' && fact.name.k === 'lit' && fact.span[0] >= (binding?.span[0] ?? 0),
  );
}
