import type { Order as Shown } from '../contract.ts';
import type { Order as Entity } from '../domain/order.ts';

/** What leaves the module: the contract's shape, not the stored one. */
export const present = (entity: Entity): Shown => ({
  ...entity,
  indexedAt: entity.indexedAt?.toISOString() ?? null,
  createdAt: entity.createdAt.toISOString(),
  updatedAt: entity.updatedAt.toISOString(),
});
