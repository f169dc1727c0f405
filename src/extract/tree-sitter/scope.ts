import type { Sym } from '../../model/facts.ts';

export interface Variable {
  /** What the rest of the system calls it: names inside a function carry its index, so that two `client`s are two. */
  readonly sym: Sym;
  /** `undefined`: not known. */
  readonly type: Sym | undefined;
}
/** What names mean at one place of a file, seen from the inside out. */
export interface Scope {
  declare(name: string, variable: Variable): void;
  find(name: string): Variable | undefined;
  inner(): Scope;
}

export function scope(outer?: Scope): Scope {
  const variables = new Map<string, Variable>();
  const self: Scope = {
    declare: (name, variable) => void variables.set(name, variable),
    find: (name) => variables.get(name) ?? outer?.find(name),
    inner: () => scope(self),
  };
  return self;
}

/** The symbol of a name declared in function `fn` (-1: outside any). */
export const localSym = (name: string, fn: number): Sym => ({ path: [fn < 0 ? name : `${name}@${fn}`] });
