import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { readSystem } from '../../lint/lint.ts';
import { readOwners } from '../../lint/owners.ts';
import { governing, planLint } from '../../lint/settings.ts';
import { KnownError } from '../../model/known-error.ts';
import type { Rule } from '../../model/rule.ts';
import type { Workspace } from '../../model/workspace.ts';
import { print } from '../output.ts';

/**
 * Prints what holds for one file of a repository: its roles, its owners, and each rule with severity and options;
 * `foreign` says which rules the repository adds.
 */
export async function printConfig(
  root: string,
  file: string,
  foreign: (workspace: Workspace) => Promise<readonly Rule[]>,
): Promise<void> {
  const workspace = diskWorkspace(root);
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '');
  if (!workspace.files.has(path)) {
    throw new KnownError(`There is no file ${path} in ${root}.`, {
      next: 'Give its path relative to the folder that is checked.',
    });
  }
  const { model, loaded, paths } = await readSystem(workspace, { languages, recognisers });
  const plan = planLint([...rules, ...(await foreign(workspace))], loaded);
  const settings = plan.rules.map((each) => {
    const { severity, options } = governing(each)(path);
    return [each.rule.id, severity === 'off' ? 'off' : [severity, options]];
  });
  const module = model.owner(path, 'module')?.name;
  const config = {
    file: path,
    ignored: !paths.includes(path),
    read: model.files.has(path),
    roles: model.roles.get(path) ?? [],
    module: module ?? null,
    deployable: model.owner(path, 'deployable')?.name ?? null,
    tags: model.inventory.modules.find(({ name }) => name === module)?.tags ?? [],
    layers: model.boundaries.layersOf(path).map(({ name, order }) => ({ name, order })),
    boundaries: model.boundaries.all
      .filter(({ from }) => from(path) !== undefined)
      .map(({ verb, about, to, reason }) => ({ from: about, [verb]: to.text, reason })),
    owners: readOwners(workspace).of(path),
    failOn: plan.failOn,
    rules: Object.fromEntries(settings),
  };
  print(`${JSON.stringify(config, null, 2)}\n`);
}
