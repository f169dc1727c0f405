import picomatch from 'picomatch';
import type { Path } from '../../model/facts.ts';

/** A predicate for globs. A pattern without a slash or a star in it is a file or a folder with all below it. */
export function matcher(patterns: readonly string[]): (path: Path) => boolean {
  if (patterns.length === 0) return () => false;
  const whole = patterns.flatMap((pattern) =>
    /[*?{[]/.test(pattern) ? [pattern] : [pattern, `${pattern.replace(/\/$/, '')}/**`],
  );
  const globs = picomatch(whole, { dot: true });
  // Folders may be called `[id]`: what has the pattern for its name is meant, whatever else is.
  const names = patterns.map((pattern) => pattern.replace(/\/$/, ''));
  return (path) => globs(path) || names.some((name) => path === name || path.startsWith(`${name}/`));
}
