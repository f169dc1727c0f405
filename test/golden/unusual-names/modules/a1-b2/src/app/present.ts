import type { Box as Shown } from '../contract.ts';
import type { Box } from '../domain/box.ts';

/** What leaves the module: the contract's shape, not the stored one. */
export const present = (entity: Box): Shown => ({
  ...entity,
  indexedAt: entity.indexedAt?.toISOString() ?? null,
  createdAt: entity.createdAt.toISOString(),
  updatedAt: entity.updatedAt.toISOString(),
});
