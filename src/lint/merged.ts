import type { Extractors } from '../extract/read-files.ts';

/** Recognisers of both, by language. */
export function merged(
  present: Extractors['recognisers'],
  added: Extractors['recognisers'],
): Extractors['recognisers'] {
  const languages = new Set([...Object.keys(present), ...Object.keys(added)]);
  return Object.fromEntries([...languages].map((id) => [id, [...(present[id] ?? []), ...(added[id] ?? [])]]));
}
