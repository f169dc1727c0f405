import type { Product as Shown } from '../contract.ts';
import type { Product as Entity } from '../domain/product.ts';

/** What leaves the module: the contract's shape, not the stored one. */
export const present = (entity: Entity): Shown => ({
  ...entity,
  indexedAt: entity.indexedAt?.toISOString() ?? null,
  createdAt: entity.createdAt.toISOString(),
  updatedAt: entity.updatedAt.toISOString(),
});
