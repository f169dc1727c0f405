import type { News as Shown } from '../contract.ts';
import type { News } from '../domain/news.ts';

/** What leaves the module: the contract's shape, not the stored one. */
export const present = (entity: News): Shown => ({
  ...entity,
  indexedAt: entity.indexedAt?.toISOString() ?? null,
  createdAt: entity.createdAt.toISOString(),
  updatedAt: entity.updatedAt.toISOString(),
});
