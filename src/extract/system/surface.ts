import type { Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { ModuleInfo } from '../discover/inventory.ts';
import { matcher } from '../discover/patterns.ts';
import type { Links } from '../language.ts';
import { readJson } from '../typescript/manifests.ts';

export interface Surface {
  /** Files that other modules may import. */
  forModules(path: Path): boolean;
  /** Files that a deployable's composition root may import: the whole of what the package exports. */
  forDeployables(path: Path): boolean;
}

const contract = /^(?:src\/)?(?:contracts?|api|public(?:-api)?)(?:\/|\.[cm]?[jt]s$|\.d\.ts$)/;
const index = /^(?:src\/)?(?:index|main|public_api)\.[cm]?[jt]sx?$/;

/**
 * The public files of a module, of whose files `own` are: the globs that its owner wrote; else its contract; else what its package exports; else its
 * index. A module that offers none of them keeps everything private.
 */
export function surfaceOf(
  module: ModuleInfo,
  own: readonly Path[],
  workspace: Workspace,
  links: Links | undefined,
): Surface {
  const under = module.path === '' ? '' : `${module.path}/`;
  const inside = (path: Path) => path.slice(under.length);
  const exported = new Set(packageExports(module, workspace, links));
  const contracts = new Set(own.filter((path) => contract.test(inside(path))));
  const indexes = new Set(own.filter((path) => index.test(inside(path))));
  const inferred = contracts.size > 0 ? contracts : exported.size > 0 ? exported : indexes;
  const written = module.public && matcher(module.public);
  const forModules = (path: Path) => (written ? written(inside(path)) : inferred.has(path));
  return { forModules, forDeployables: (path) => forModules(path) || exported.has(path) || indexes.has(path) };
}

function* packageExports(module: ModuleInfo, workspace: Workspace, links: Links | undefined): Iterable<Path> {
  const manifest = `${module.path === '' ? '' : `${module.path}/`}package.json`;
  const json = workspace.files.has(manifest) ? readJson(workspace, manifest) : undefined;
  if (!json || !links || typeof json.name !== 'string') return;
  const subpaths =
    typeof json.exports === 'object' && json.exports !== null && !Array.isArray(json.exports)
      ? Object.keys(json.exports).filter((key) => key.startsWith('.') && !key.includes('*'))
      : [];
  for (const subpath of new Set(['.', ...subpaths])) {
    const target = links.resolve(manifest, json.name + subpath.slice(1));
    if ('to' in target) yield target.to;
  }
}
