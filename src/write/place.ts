import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Target } from './target.ts';

/** A folder on the file system of the target, so that every file is moved by a rename. */
export interface Stage {
  /** New files lie here, under their final paths. */
  readonly files: string;
  /** Removes the stage and the parents that were made for it. */
  discard(): void;
}

/** Opens a stage: beside a target that is not there yet, inside one that is. */
export function openStage({ directory, exists }: Target): Stage {
  const parent = exists ? directory : dirname(directory);
  const made = mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `.${basename(directory)}-`));
  const files = join(folder, 'files');
  mkdirSync(files);
  return {
    files,
    discard() {
      rmSync(folder, { recursive: true, force: true });
      for (let path = parent; made && path.length >= made.length && !existsSync(directory); path = dirname(path))
        rmdirSync(path);
    },
  };
}

export interface Moves {
  /** Paths that are in the stage. */
  readonly write: readonly { readonly path: string; readonly executable: boolean }[];
  readonly remove: readonly string[];
}

/**
 * Moves staged files to the target. It does not yield: a signal waits until all is moved, and an error undoes every
 * move that was made. A new directory appears whole, by one rename.
 */
export function place(stage: Stage, { directory, exists }: Target, { write, remove }: Moves): void {
  for (const { path, executable } of write) if (executable) chmodSync(join(stage.files, path), 0o755);
  if (!exists) {
    renameSync(stage.files, directory);
    return;
  }
  const saved = join(dirname(stage.files), 'saved');
  const undo: (() => void)[] = [];
  const move = (from: string, to: string) => {
    const made = mkdirSync(dirname(to), { recursive: true });
    if (made) undo.push(() => rmSync(made, { recursive: true, force: true }));
    renameSync(from, to);
    undo.push(() => renameSync(to, from));
  };
  try {
    for (const path of [...remove, ...write.map((file) => file.path)])
      if (existsSync(join(directory, path))) move(join(directory, path), join(saved, path));
    for (const { path } of write) move(join(stage.files, path), join(directory, path));
    for (const path of remove) removeEmptyFolders(directory, dirname(path));
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

function removeEmptyFolders(root: string, folder: string): void {
  for (let path = folder; path !== '.'; path = dirname(path))
    try {
      rmdirSync(join(root, path));
    } catch {
      return;
    }
}
