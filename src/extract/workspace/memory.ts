import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { bytesOf } from './text.ts';

/** A workspace held in memory: a plan that was never written, a fixture, a test. */
export function memoryWorkspace(contents: Iterable<readonly [Path, string | Uint8Array]>): Workspace {
  const held = new Map<Path, Uint8Array>();
  for (const [path, content] of contents) held.set(path, bytesOf(content));
  const files = new Map([...held.keys()].sort().map((path) => [path, '']));
  return { files, read: (path) => held.get(path), size: (path) => held.get(path)?.length };
}
