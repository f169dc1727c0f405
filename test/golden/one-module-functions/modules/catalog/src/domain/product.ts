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
type KeptByRules = 'id' | 'indexedAt' | 'version' | 'createdAt' | 'updatedAt';
export type EntityFields = Omit<Product, KeptByRules>;
export interface EntityChanges {
  readonly name?: string;
  readonly quantity?: number;
}

/** Names are compared and searched: surrounding and repeated white space would make equal names differ. */
const clean = (name: string): string => name.trim().replace(/\s+/g, ' ');

/** Why a rule says no; the contract gives each its HTTP status. */
export type EntityRefusal = 'blankName';
export type EntityResult = Product | EntityRefusal;

export function create(fields: EntityFields, id: string, now: Date): EntityResult {
  const name = clean(fields.name);
  if (name === '') return 'blankName';
  return { ...fields, id, name, indexedAt: null, version: 1, createdAt: now, updatedAt: now };
}

/** The next version, to be indexed again; `current` itself when nothing changes, so that no version is spent. */
export function change(current: Product, changes: EntityChanges, now: Date): EntityResult {
  const name = clean(changes.name ?? current.name);
  const quantity = changes.quantity ?? current.quantity;
  if (name === '') return 'blankName';
  if (name === current.name && quantity === current.quantity) return current;
  return { ...current, name, quantity, indexedAt: null, version: current.version + 1, updatedAt: now };
}
