import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';
import type { SystemModel } from '../../extract/system/build.ts';
import type { Path } from '../../model/facts.ts';
import type { NodeId } from '../../model/system.ts';
import { defaultOptions } from './options.ts';

/**
 * Our boundaries as rules of dependency-cruiser: who may enter a module where, and which modules may depend on each other.
 * It knows no deployment, so dependencies by calls, events and data are not among them.
 */
export function exportBoundaries(
  model: Pick<SystemModel, 'inventory' | 'files' | 'visible' | 'declared' | 'hasFile'>,
): IConfiguration {
  const modules = model.inventory.modules.filter(({ path }) => path !== '');
  const deployables = model.inventory.deployables.filter(({ path }) => path !== '');
  const below = (path: Path) => `^${escaped(path)}/`;
  const forbidden = modules.flatMap((module): IForbiddenRuleType[] => {
    const own = [...model.files.keys()].filter((path) => path.startsWith(`${module.path}/`));
    const open = (from: NodeId) => own.filter((path) => model.visible(path, from));
    const entered = (name: string, from: IForbiddenRuleType['from'], visible: readonly Path[]): IForbiddenRuleType[] =>
      visible.length === own.length
        ? []
        : [
            {
              name: `${name}-${module.name}`,
              severity: 'error',
              comment: `${module.name} is entered through its contract.`,
              from,
              to: {
                path: below(module.path),
                ...(visible.length > 0 && { pathNot: visible.map((path) => `^${escaped(path)}$`) }),
              },
            },
          ];
    const undeclared = modules.filter(
      (other) => other.name !== module.name && !model.declared(`module:${module.name}`, `module:${other.name}`),
    );
    const others = modules.find(({ name }) => name !== module.name)?.name ?? module.name;
    return [
      ...entered(
        'private-to-modules',
        { pathNot: [below(module.path), ...deployables.map(({ path }) => below(path))] },
        open(`module:${others}`),
      ),
      ...deployables
        .slice(0, 1)
        .flatMap(({ name }) =>
          entered(
            'private-to-deployables',
            { path: deployables.map(({ path }) => below(path)) },
            open(`deployable:${name}`),
          ),
        ),
      ...(undeclared.length === 0
        ? []
        : [
            {
              name: `undeclared-by-${module.name}`,
              severity: 'error' as const,
              comment: `${module.name} declares no dependency on ${undeclared.map(({ name }) => name).join(', ')}.`,
              from: { path: below(module.path) },
              to: { path: undeclared.map(({ path }) => below(path)) },
            },
          ]),
    ];
  });
  return { forbidden, options: defaultOptions((path) => model.hasFile(path)) };
}
const escaped = (path: Path): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
