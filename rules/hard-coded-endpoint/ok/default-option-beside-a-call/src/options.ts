import { base } from './base.ts';

/** What a page links to unless its reader says otherwise. */
export const defaults = { docs: 'http://localhost' };
export const load = () => fetch(`${base}/items`, { signal: AbortSignal.timeout(1_000) });
