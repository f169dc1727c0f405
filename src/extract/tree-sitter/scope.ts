import type { Sym } from '../../model/facts.ts';

/** What names mean at one place of a file: the types of its variables, seen from the inside out. */
export interface Scope {
  /** Declares a variable; `undefined`: of a type that is not known, which still hides outer names. */
  declare(name: string, type: Sym | undefined): void;
  /** `undefined`: no variable of that name. */
  find(name: string): { readonly type: Sym | undefined } | undefined;
  inner(): Scope;
}

export function scope(outer?: Scope): Scope {
  const types = new Map<string, { readonly type: Sym | undefined }>();
  const self: Scope = {
    declare: (name, type) => void types.set(name, { type }),
    find: (name) => types.get(name) ?? outer?.find(name),
    inner: () => scope(self),
  };
  return self;
}
