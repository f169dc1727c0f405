import type { Box as Shown } from '../contract.ts';
import type { Box as Entity } from '../domain/box.ts';

/** What leaves the module: the contract's shape, not the stored one. */
export const present = (entity: Entity): Shown => ({
  ...entity,
  indexedAt: entity.indexedAt?.toISOString() ?? null,
  createdAt: entity.createdAt.toISOString(),
  updatedAt: entity.updatedAt.toISOString(),
});
