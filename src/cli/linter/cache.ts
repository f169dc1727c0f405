import { hash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Extractors } from '../../extract/read-files.ts';
import { gitIds } from '../../extract/workspace/ids.ts';
import { type Remembering, remembering } from '../../lint/cache/memory.ts';
import { installedState, load, placeOf, save } from '../../lint/cache/store.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Workspace } from '../../model/workspace.ts';

export interface Cache {
  readonly remembering: Remembering;
  /** Keeps what this run found out. Throws a `KnownError` where a verified cache was wrong. */
  close(): void;
}

/** The cache of a folder on disk. */
export function openCache(path: string, workspace: Workspace, extractors: Extractors, verify = false): Cache {
  const root = realpathSync(path);
  const git = gitIds(root);
  const file = placeOf(root, git?.tracked ?? []);
  const maker = makerOf(extractors);
  const found = remembering(load(file, maker), {
    workspace,
    ids: git?.ids ?? new Map(),
    installed: installedState(root),
    verify,
  });
  return {
    remembering: found,
    close() {
      save(file, maker, found.kept());
      const [first, ...more] = found.wrong;
      if (first === undefined) return;
      const others = more.length === 0 ? '' : ` and ${more.length} more`;
      throw new KnownError(`The cache would have been wrong about the ${first}${others}.`, {
        next: 'It is written anew. Please report this: it must not happen.',
      });
    },
  };
}

/** Everything that reads files, by version: what another maker kept says nothing. */
function makerOf({ languages, recognisers }: Extractors): string {
  const versions = [...languages, ...Object.values(recognisers).flat()].map(({ id, version }) => `${id}@${version}`);
  return hash('sha1', [buildOf(), process.version, ...versions].join('\n'));
}

/** The build of this program: named in a package; of unbuilt sources, when each of them was last written. */
function buildOf(): string {
  const home = fileURLToPath(new URL('../../../', import.meta.url));
  const { build }: { build?: string } = JSON.parse(readFileSync(`${home}package.json`, 'utf8'));
  if (build !== undefined) return build;
  const sources = ['src', 'rules'].flatMap((folder) =>
    readdirSync(`${home}${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  );
  return [`${home}package-lock.json`, ...sources].map((path) => `${path} ${statSync(path).mtimeMs}`).join('\n');
}
