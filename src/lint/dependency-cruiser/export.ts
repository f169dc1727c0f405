import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';
import { compilePattern, type Pattern } from '../../extract/discover/pattern.ts';
import type { Stack } from '../../extract/system/boundaries.ts';
import type { SystemModel } from '../../extract/system/build.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { NodeId } from '../../model/system.ts';
import { defaultOptions } from './options.ts';

/**
 * Our boundaries as rules of dependency-cruiser: who may enter a module where, which modules may depend on each other, and
 * which layers of a stack may not be used by others. Throws a `KnownError` for layers that it cannot state. It knows no deployment, so dependencies by calls, events and data are not among them.
 */
export function exportBoundaries(
  model: Pick<SystemModel, 'inventory' | 'files' | 'visible' | 'declared' | 'hasFile' | 'boundaries'>,
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
  forbidden.push(...model.boundaries.stacks.flatMap(layerRules));
  return { forbidden, options: defaultOptions((path) => model.hasFile(path)) };
}
/** One rule for each layer but the highest: what is in it may not import what is above, in the same stack. */
function layerRules({ before, order, after }: Stack, i: number): IForbiddenRuleType[] {
  const names = `${before}${after}`.match(/<[^<>]+>/g) ?? [];
  if (new Set(names).size < names.length)
    throw new KnownError(`'${before}{${order.join(',')}}${after}' names one folder twice: dependency-cruiser cannot.`, {
      next: 'Write * for the second <name> in lint.layers.',
    });
  const cut = before.lastIndexOf('/') + 1;
  const [folder, start] = [before.slice(0, cut).replace(/^\.\/|\/$/g, ''), before.slice(cut)];
  const stack = folder === '' ? '' : sourceOf(folder);
  const under = (inStack: string, names: readonly string[]) => {
    const below = names.map((name) => sourceOf(`${start}${name}${after}`)).join('|');
    return `^${inStack}${inStack && '/'}(?:${below})(?:/|$)`;
  };
  return order.slice(0, -1).map((name, rank) => ({
    name: `layer-${i + 1}-${name}`,
    severity: 'error',
    comment: `${name} is below ${order.slice(rank + 1).join(', ')} in ${before}{${order.join(',')}}${after}.`,
    from: { path: under(stack && `(${stack})`, [name]) },
    to: { path: under(stack && '$1', order.slice(rank + 1)) },
  }));
}

/** Their patterns were compiled before; what a name captures is only asked where the name is there again. */
const sourceOf = (glob: string): string =>
  (compilePattern(glob) as Pattern).source.replace(/\(\?<[a-zA-Z0-9]+>/g, '(?:');

const escaped = (path: Path): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
