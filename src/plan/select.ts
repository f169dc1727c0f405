import { closest } from '../blueprint/nearest.ts';
import type { Blueprint } from '../blueprint/schema.ts';
import { KnownError } from '../model/known-error.ts';
import { languagesOf } from './context.ts';
import type { Template } from './template.ts';

/** Choices that are complete without a template of their own. */
const bare = new Set(['none', 'memory']);

/** One choice of a blueprint, and where in `architecture.yaml` it is made. */
export interface Chosen {
  readonly axis: string;
  readonly id: string;
  readonly key: readonly (string | number)[];
}

/** Whether a choice exists: as a template, or as one that needs none. */
export const offered = ({ axis, id }: Chosen, templates: readonly Pick<Template, 'axis' | 'id'>[]): boolean =>
  bare.has(id) || templates.some((template) => template.axis === axis && template.id === id);

/** What a blueprint chooses on each axis; the axis `workspace` is what every system has. */
export function choices(blueprint: Blueprint): readonly Chosen[] {
  const { stack, deployables, delivery } = blueprint;
  const one = (axis: string, id: string, ...key: string[]): Chosen => ({ axis, id, key });
  const many = (axis: 'deploy' | 'observability') =>
    delivery[axis].map((id, index): Chosen => ({ axis, id, key: ['delivery', axis, index] }));
  return [
    ...languagesOf(blueprint).map((id) => one('language', id, 'stack', 'language')),
    ...deployables.map(({ name, framework }) => one('framework', framework, 'deployables', name, 'framework')),
    ...deployables.map(({ name, kind }) => one('deployable', kind, 'deployables', name, 'kind')),
    one('database', stack.database, 'stack', 'database'),
    one('cache', stack.cache, 'stack', 'cache'),
    one('broker', stack.broker, 'stack', 'broker'),
    one('ci', delivery.ci, 'delivery', 'ci'),
    ...many('deploy'),
    ...many('observability'),
    one('load', delivery.load, 'delivery', 'load'),
  ];
}

/** The templates of a blueprint, in the order of axes and of the blueprint. */
export function selected(blueprint: Blueprint, templates: readonly Template[]): readonly Template[] {
  const languages = languagesOf(blueprint);
  const speaks = ({ languages: own }: Template) => own === 'any' || own.some((id) => languages.includes(id));
  const always = templates.filter((template) => template.axis === 'workspace' && speaks(template));
  const chosen = choices(blueprint).flatMap((choice) => {
    const candidates = templates.filter(({ axis, id }) => axis === choice.axis && id === choice.id);
    const [first] = candidates;
    if (!first && !bare.has(choice.id)) throw unknownChoice(choice, templates);
    const own = candidates.filter(speaks);
    if (first && own.length === 0)
      throw new KnownError(`${first.title} is not available for ${languages.join(', ')}.`, {
        next: `It is for ${first.languages === 'any' ? 'any language' : first.languages.join(', ')}: choose another ${choice.axis}.`,
      });
    return own;
  });
  const all = [...new Set([...always, ...chosen])];
  for (const template of all) {
    const reason = template.refuse?.(blueprint);
    if (reason) throw new KnownError(`${template.title} does not fit this system.`, { next: reason });
  }
  return all;
}

export function unknownChoice({ axis, id }: Chosen, templates: readonly Pick<Template, 'axis' | 'id'>[]): KnownError {
  const known = templates.filter((template) => template.axis === axis).map((template) => template.id);
  const near = closest(id, known);
  return new KnownError(`There is no ${axis} '${id}'.`, {
    next: near ? `Did you mean '${near}'?` : `This version has: ${known.join(', ') || 'none'}.`,
  });
}
