/** The entity and its rules: pure, without clock, database or framework, so that they are tested in microseconds. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  /** When this version was indexed; null while its job is waiting. */
  readonly indexedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
type Kept = 'id' | 'indexedAt' | 'version' | 'createdAt' | 'updatedAt';
export type Fields = Omit<Product, Kept>;
export interface Changes {
  readonly name?: string;
  readonly quantity?: number;
}

/** Names are compared and searched: surrounding and repeated white space would make equal names differ. */
const clean = (name: string): string => name.trim().replace(/\s+/g, ' ');

/** Why a rule says no; the contract gives each its HTTP status. */
export type Refusal = 'blankName';
export type Result = Product | Refusal;

export function create(fields: Fields, id: string, now: Date): Result {
  const name = clean(fields.name);
  if (name === '') return 'blankName';
  return { ...fields, id, name, indexedAt: null, version: 1, createdAt: now, updatedAt: now };
}

/** The next version, to be indexed again; `current` itself when nothing changes, so that no version is spent. */
export function change(current: Product, changes: Changes, now: Date): Result {
  const name = clean(changes.name ?? current.name);
  const quantity = changes.quantity ?? current.quantity;
  if (name === '') return 'blankName';
  if (name === current.name && quantity === current.quantity) return current;
  return { ...current, name, quantity, indexedAt: null, version: current.version + 1, updatedAt: now };
}
