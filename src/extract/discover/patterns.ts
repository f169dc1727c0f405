import picomatch from 'picomatch';
import type { Path } from '../../model/facts.ts';

/** A predicate for globs. A pattern without a slash or a star in it is a file or a folder with all below it. */
export function matcher(patterns: readonly string[]): (path: Path) => boolean {
  if (patterns.length === 0) return () => false;
  const whole = patterns.flatMap((pattern) =>
    /[*?{[]/.test(pattern) ? [pattern] : [pattern, `${pattern.replace(/\/$/, '')}/**`],
  );
  return picomatch(whole, { dot: true });
}
