/** Keys, which are also the tags that a change invalidates; the platform prefixes them with the module's name. */
export const one = (id: string): string => `product:${id}`;
export const list = 'products';

/** Fresh for a minute; then the old value is served while one caller loads the new one. */
export const freshness = { ttlMs: 60_000, staleMs: 30_000 };
