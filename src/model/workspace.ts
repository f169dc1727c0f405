import type { Gap, Path } from './facts.ts';

/**
 * The only reader of sources: disk, a git tree, a plan in memory, an editor's overlay.
 * `files` maps each path to a content digest (or '' where none is known yet); `read` returns undefined for a path that
 * is not there or cannot be read.
 */
export interface Workspace {
  readonly files: ReadonlyMap<Path, string>;
  read(path: Path): Uint8Array | undefined;
  /** Bytes, without reading; undefined where unknown. */
  size?(path: Path): number | undefined;
  /** What could not be listed. */
  readonly gaps?: readonly Gap[];
}
