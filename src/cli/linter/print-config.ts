import { rules } from '../../../rules/catalogue.gen.ts';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { languages } from '../../extract/languages.gen.ts';
import { diskWorkspace } from '../../extract/workspace/disk.ts';
import { readSystem } from '../../lint/lint.ts';
import { readOwners } from '../../lint/owners.ts';
import { planLint } from '../../lint/settings.ts';
import { governing } from '../../lint/statements.ts';
import { KnownError, type Place } from '../../model/known-error.ts';
import type { Rule } from '../../model/rule.ts';
import { visibleJson } from '../../model/visible.ts';
import type { Workspace } from '../../model/workspace.ts';
import { print } from '../output.ts';

/**
 * Prints what holds for one file of a repository: its roles, its owners, and each rule with severity and options;
 * `others` says which rules there are beside those of the linter.
 */
export async function printConfig(
  root: string,
  file: string,
  others: (workspace: Workspace) => Promise<readonly Rule[]>,
): Promise<void> {
  const workspace = diskWorkspace(root);
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '');
  if (!workspace.files.has(path)) {
    throw new KnownError(`There is no file ${path} in the folder that is checked.`, {
      next: 'Give its path relative to that folder.',
    });
  }
  const { model, loaded, paths } = await readSystem(workspace, { languages, recognisers });
  const plan = planLint([...rules, ...(await others(workspace))], loaded, paths);
  const settings = plan.rules.map(({ rule, statements }) => ({ id: rule.id, ...governing({ statements })(path) }));
  const where = (place: Place | undefined) =>
    place ? [place.file, place.line, place.column].filter((part) => part !== undefined).join(':') : 'default';
  const module = model.owner(path, 'module')?.name;
  const own = loaded?.fragments.find((fragment) => fragment.module === module);
  const maxWarnings = own?.settings.lint?.maxWarnings;
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
      .map(({ verb, about, to, reason, place }) => ({ from: about, [verb]: to.text, reason, where: where(place) })),
    owners: readOwners(workspace).of(path),
    failOn: plan.failOn,
    uses: model.inventory.modules.find(({ name }) => name === module)?.uses ?? [],
    maxWarnings: maxWarnings ?? null,
    rules: Object.fromEntries(
      settings.map(({ id, severity, options }) => [id, severity === 'off' ? 'off' : [severity, options]]),
    ),
    where: {
      failOn: where(loaded?.architecture.lint?.failOn && loaded.at(['lint', 'failOn'])),
      ...(own?.settings.uses && { uses: where(own.at(['uses'])) }),
      ...(maxWarnings !== undefined && { maxWarnings: where(own?.at(['lint', 'maxWarnings'])) }),
      rules: Object.fromEntries(
        settings.map(({ id, place, optionsPlace }) => [
          id,
          optionsPlace && optionsPlace.file + optionsPlace.line !== (place?.file ?? '') + place?.line
            ? `${where(place)}, its options ${where(optionsPlace)}`
            : where(place),
        ]),
      ),
    },
  };
  print(visibleJson(config));
}
