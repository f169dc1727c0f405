import type {
  ExtractedFile,
  Fact,
  FactKind,
  FactMap,
  FunctionFact,
  Gap,
  NameFact,
  Path,
  Span,
} from '../model/facts.ts';
import type { Emit } from './language.ts';

/** Gathers one file's facts while a walker goes down its tree, and knows where in the tree the walker is. */
export interface Collector {
  readonly emit: Emit;
  within(place: { readonly name: string; readonly span: Span }, visit: () => void): void;
  inLoop(visit: () => void): void;
  inTransaction(visit: () => void): void;
  /** Index of the function that the walker is in; -1 outside any. */
  fn(): number;
  gap(why: Gap['why'], detail: string, span?: Span): void;
  finish(): ExtractedFile;
}

export function collector(path: Path): Collector {
  const functions: FunctionFact[] = [];
  const facts: Fact[] = [];
  const names: NameFact[] = [];
  const gaps: Gap[] = [];
  let fn = -1;
  let loop = 0;
  let tx = false;
  return {
    emit<K extends FactKind>(kind: K, span: Span, fact: FactMap[K]) {
      const found = { ...fact, kind, span, fn, loop, tx } as unknown as Fact;
      if (isName(found)) names.push(found);
      else facts.push(found);
    },
    within({ name, span }, visit) {
      const outer = { fn, loop };
      functions.push({ name, span, parent: fn });
      fn = functions.length - 1;
      loop = 0;
      visit();
      ({ fn, loop } = outer);
    },
    inLoop(visit) {
      loop += 1;
      visit();
      loop -= 1;
    },
    inTransaction(visit) {
      const outer = tx;
      tx = true;
      visit();
      tx = outer;
    },
    fn: () => fn,
    gap: (why, detail, span) => gaps.push({ path, why, detail, ...(span && { span }) }),
    finish: () => ({ path, functions, facts, names, gaps }),
  };
}

export const isName = (fact: Fact): fact is NameFact => fact.kind === 'export' || fact.kind === 'binding';
