import { distance, closest as nearest } from 'fastest-levenshtein';

/** The candidate that was probably meant: at most a third of the letters differ. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = nearest(word, [...candidates]);
  return distance(word, found) <= Math.max(1, Math.ceil(Math.max(word.length, found.length) / 3)) ? found : undefined;
}
