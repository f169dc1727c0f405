import { join } from 'node:path';
import type { Blueprint } from '../../../blueprint/schema.ts';
import { rewritten } from '../../../edit/architecture.ts';
import { KnownError } from '../../../model/known-error.ts';
import { blobId, normalised } from '../../../write/blob.ts';
import type { Change, OnDisk } from '../../../write/classify.ts';
import { diskOf, show, type Target } from '../../../write/target.ts';
import { type DataMove, dataMoves } from '../changed.ts';
import { checked, decide, type World } from '../prepare.ts';
import { type Growth, growth } from './grow.ts';
import type { Found } from './system.ts';
import type { Request } from './things.ts';

export interface Addition extends Growth {
  readonly target: Target;
  /** What is done about every file; nothing is done yet. */
  readonly changes: readonly Change[];
  readonly variables: readonly string[];
  /** Modules whose data has to follow them. */
  readonly data: readonly DataMove[];
}

const architecture = 'architecture.yaml';

/** growth → plan → a decision about every file. Throws before anything is written where a part of it cannot be done. */
export async function prepare(
  request: Pick<Request, 'kind' | 'args' | 'given'>,
  system: Found,
  world: World,
): Promise<Addition> {
  const { target } = system;
  const grown = await growth(request, system, world.catalogue);
  const text = rewritten(system.text, system.blueprint, grown.blueprint);
  const blueprint = await asChecked(text, system, world);
  requireRoom(system.blueprint, blueprint, target);
  const edits = new Map([[architecture, text], ...grown.edits]);
  const disk = diskOf(target);
  const { changes, variables } = await decide(blueprint, target, world, (path) => {
    const edit = edits.get(path);
    return edit === undefined ? disk(path) : Buffer.from(edit);
  });
  const all = [
    ...changes.map((change) => asEdited(change, edits.get(change.path), disk(change.path))),
    ...grown.files.map(({ path, content }) => asNew(path, content, disk(path))),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  requireWritable(all, system, grown.title);
  return { ...grown, blueprint, target, changes: all, variables, data: dataMoves(system.blueprint, blueprint) };
}

/** A refusal of what would become of the file has no line in the file as it is. */
async function asChecked(text: string, { target, text: now }: Found, world: World): Promise<Blueprint> {
  try {
    return await checked(text, show(join(target.directory, architecture)), world, false);
  } catch (error) {
    if (!(error instanceof KnownError) || text === now) throw error;
    throw new KnownError(error.message, { next: error.next, cause: error });
  }
}

/** An edit of a person's file counts as merged with what is planned: the file stays theirs, and is up to date. */
function asEdited(change: Change, edit: string | undefined, now: OnDisk): Change {
  if (edit === undefined || !Buffer.isBuffer(now)) return change;
  const { path, file } = change;
  if (normalised(edit).equals(normalised(now))) return { path, action: 'same', ...(file ? { file } : {}), before: now };
  return { path, action: 'merge', ...(file ? { file } : {}), merged: edit, before: now };
}

function asNew(path: string, content: string, now: OnDisk): Change {
  if (now === 'absent') return { path, action: 'create', merged: content };
  return { path, action: 'keep', why: 'it was here before' };
}

/** A new module takes a folder of its own: one that is there already is somebody's work. */
function requireRoom(before: Blueprint, after: Blueprint, target: Target): void {
  const disk = diskOf(target);
  const names = new Set(before.modules.map(({ name }) => name));
  for (const { name, path } of after.modules.filter((module) => !names.has(module.name)))
    for (const file of ['package.json', 'src/contract.ts', 'src/module.ts'])
      if (disk(`${path}/${file}`) !== 'absent')
        throw new KnownError(`${path} is there already.`, {
          place: { file: `${path}/${file}` },
          next: `Move the folder away, or name the module differently than '${name}'.`,
        });
}

/** Files of the tool that would have to change, and cannot because a person edited them: without them it is half done. */
function requireWritable(changes: readonly Change[], { target }: Found, title: string): void {
  const stuck = changes.filter(
    ({ path, action, file }) =>
      action === 'keep' && file && file.owner !== 'team' && blobId(file.content) !== target.lock.files[path]?.blob,
  );
  const [first] = stuck;
  if (!first) return;
  const more =
    stuck.length > 1 ? ` (and ${stuck.length - 1} more: ${stuck[1]!.path}${stuck.length > 2 ? ', …' : ''})` : '';
  throw new KnownError(
    `${title} has to be written into ${first.path}, which the generator owns, and ${first.why}${more}. It is not overwritten, and nothing else was written.`,
    {
      place: { file: first.path },
      next: first.path.endsWith('wiring.gen.ts')
        ? 'Move your change to the main.ts beside it, take the file back as it was generated (git log, then git checkout <commit> -- <file>), and run again.'
        : 'Take the file back as it was generated (git log, then git checkout <commit> -- <file>), and run again.',
    },
  );
}
