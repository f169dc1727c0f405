import type { Gap, Path } from '../../model/facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { aside, pathRoles } from '../discover/roles.ts';
import { skipsFolder } from '../workspace/skip.ts';
import { folderOf, join, located, packagesIn, readJson, readManifests, TOO_BIG, text } from './manifests.ts';

/**
 * Manifests and compiler configurations that cannot be read, or that extend a file which is not there: what imports mean
 * is then not known, and a package of the system would pass for a foreign one. What tools generate or install counts as
 * there.
 */
export function configurationGaps(workspace: Workspace, paths: Iterable<Path>): Gap[] {
  const packages = packagesIn(readManifests(workspace));
  const gaps: Gap[] = [];
  const seen = new Set<Path>();
  const check = (path: Path) => {
    if (seen.has(path)) return;
    seen.add(path);
    const json = readJson(workspace, path);
    if (!json) {
      const size = workspace.size?.(path) ?? 0;
      gaps.push(
        size > TOO_BIG
          ? { path, why: 'too-big', detail: `${size} bytes; at most ${TOO_BIG} are read` }
          : { path, why: 'parse', detail: 'not understood as JSON' },
      );
      return;
    }
    if (path.endsWith('package.json')) return;
    for (const spec of [json.extends].flat().flatMap((each) => text(each) ?? [])) {
      const parent = located(workspace, packages, folderOf(path), spec);
      if (parent) check(parent);
      else if (/^[./]/.test(spec) && !join(folderOf(path), spec).split('/').some(isSkipped))
        gaps.push({
          path,
          why: 'unreadable',
          detail: `it extends '${spec}', which is not in the folder that is checked`,
        });
    }
  };
  for (const path of paths)
    if (configuration.test(path) && !pathRoles(path).some((role) => aside.has(role))) check(path);
  return gaps;
}

const configuration = /(?:^|\/)(?:package|tsconfig|jsconfig)\.json$/;
const isSkipped = (name: string): boolean => name !== '..' && skipsFolder(name);
