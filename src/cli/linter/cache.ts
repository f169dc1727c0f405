import { hash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Extractors } from '../../extract/read-files.ts';
import { gitIds } from '../../extract/workspace/ids.ts';
import { home } from '../../home.ts';
import { identities } from '../../lint/cache/identify.ts';
import { type Remembering, remembering } from '../../lint/cache/memory.ts';
import { editedSince, noting, type Outcome, outcomeOf } from '../../lint/cache/outcome.ts';
import { pack, unpack } from '../../lint/cache/pack.ts';
import { installedState, outcomeBeside, placeOf, read, type Stored, save } from '../../lint/cache/store.ts';
import type { Checked } from '../../lint/checked.ts';
import { isPassing, type Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';

export interface Cache {
  /** What the last run found out, if the same was asked of the same files. */
  readonly outcome: Checked | undefined;
  /** How many files have to be read, if it is known. */
  readonly toRead: number | undefined;
  /** What the last run found out, if the same was asked and nothing that has a say changed in what was edited since. */
  afterEdits(extractors: Extractors): Promise<Checked | undefined>;
  /** What to run with, where that is not known. */
  open(extractors: Extractors): Opened;
}
export interface Opened {
  readonly workspace: Workspace;
  readonly remembering: Remembering;
  /** Keeps what this run found out. Throws a `KnownError` where a verified cache was wrong. */
  close(checked: Checked): void;
}
export interface CacheOptions {
  /** What is asked of the folder; without it the outcome depends on more than files, and is not kept. */
  readonly question?: string;
  /** Find out everything all the same, and compare. */
  readonly verify?: boolean;
  /** Identity of rules and recognisers that are not of this program: their answers are kept in a place of their own. */
  readonly added?: string;
}

/** The cache of a folder on disk. */
export function openCache(path: string, onDisk: Workspace, { question, verify = false, added }: CacheOptions): Cache {
  const root = realpathSync(path);
  const disk = readingOnce(onDisk);
  const git = gitIds(root);
  const place = placeOf(root, git?.tracked ?? []);
  const file = added === undefined ? place : place.replace(/json$/, 'added.json');
  const identify = identities(disk, git?.ids ?? new Map());
  const installed = installedState(root);
  const build = `${buildOf()}\n${process.version}\n${added}`;
  const maker = hash('sha1', build);
  const layersOf = (extractors: Extractors) => hash('sha1', [build, ...versionsOf(extractors)].join('\n'));
  /** Read once, by whoever asks first: it is the large one. */
  let layers: { readonly of: string; readonly kept: Stored | undefined } | undefined;
  const layersFor = (extractors: Extractors) => {
    const of = layersOf(extractors);
    if (layers?.of !== of) layers = { of, kept: read(file, of) };
    return layers;
  };
  const asked = question === undefined ? undefined : { question, installed };
  const last = asked && outcomeIn(read(outcomeBeside(file), maker)?.text);
  const edited = last && editedSince(last, disk, identify, asked);
  let current = edited?.length === 0 ? last?.checked : undefined;
  const remember = (outcome: Outcome) => save(outcomeBeside(file), maker, JSON.stringify(outcome));
  return {
    outcome: verify ? undefined : current,
    toRead: verify ? undefined : edited?.length,
    async afterEdits(extractors) {
      if (!asked || !last || !edited || edited.length === 0 || edited.length > FEW) return undefined;
      const { kept } = layersFor(extractors);
      if (!kept || kept.sum !== last.facts) return undefined;
      // Loaded only here: to find an unchanged outcome, nothing that reads files is needed.
      const { editsOf, holdsFor } = await import('../../lint/cache/edited.ts');
      if (!holdsFor(last, await editsOf(edited, kept.text, disk, extractors))) return undefined;
      current = last.checked;
      if (verify) return undefined;
      remember(outcomeOf(current, last, disk, identify, asked));
      return current;
    },
    open(extractors) {
      const { workspace, noted } = noting(disk, identify);
      const { of, kept } = layersFor(extractors);
      const found = remembering(unpack(kept?.text), { workspace, identify, installed, verify });
      return {
        workspace,
        remembering: found,
        close(checked) {
          const facts = save(file, of, pack(found.kept()));
          const passing = checked.gaps.some(([gap]) => isPassing(gap));
          const made = { ...noted(found.used()), ...found.said(), facts };
          if (asked && !passing) remember(outcomeOf(checked, made, disk, identify, asked));
          const same = !current || passing || isDeepStrictEqual(JSON.parse(JSON.stringify(checked)), current);
          const [first, ...more] = same ? found.wrong : [...found.wrong, 'outcome'];
          if (first === undefined) return;
          const others = more.length === 0 ? '' : ` and ${more.length} more`;
          throw new KnownError(`The cache would have been wrong about the ${first}${others}.`, {
            next: 'It is written anew. Please report this: it must not happen.',
          });
        },
      };
    },
  };
}

/** With more edits than these, everything is linked anew sooner than they are compared one by one. */
const FEW = 200;

const outcomeIn = (text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as Outcome));

/** A content is read to be identified, and then to be used: those are the same bytes, read once. */
function readingOnce(workspace: Workspace): Workspace {
  let last: { readonly path: Path; readonly bytes: Uint8Array | undefined } | undefined;
  return {
    ...workspace,
    read(path) {
      if (last?.path !== path) last = { path, bytes: workspace.read(path) };
      return last.bytes;
    },
  };
}

/** Everything that reads files, by version: what others kept says nothing. */
const versionsOf = ({ languages, recognisers }: Extractors): string[] =>
  [...languages, ...Object.values(recognisers).flat()].map(({ id, version }) => `${id}@${version}`);

/** The build of this program: named in a package; of unbuilt sources, when each of them was last written. */
function buildOf(): string {
  const root = fileURLToPath(home);
  const { build }: { build?: string } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  if (build !== undefined) return build;
  const sources = ['src', 'rules'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  );
  return [`${root}package-lock.json`, ...sources].map((path) => `${path} ${statSync(path).mtimeMs}`).join('\n');
}
