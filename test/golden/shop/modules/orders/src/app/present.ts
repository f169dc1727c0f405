import type { Order as Shown } from '../contract.ts';
import type { Order } from '../domain/order.ts';

/** What leaves the module: the contract's shape, not the stored one. */
export const present = (entity: Order): Shown => ({
  ...entity,
  indexedAt: entity.indexedAt?.toISOString() ?? null,
  createdAt: entity.createdAt.toISOString(),
  updatedAt: entity.updatedAt.toISOString(),
});
