import type { Blueprint } from '../blueprint/schema.ts';
import { KnownError } from '../model/known-error.ts';
import { languagesOf } from './context.ts';
import type { Template } from './template.ts';

/** Choices that need no template: nothing is added to the system. */
const nothing = new Set(['none']);

/** What a blueprint chooses on each axis; the axis `workspace` is what every system has. */
export function choices(blueprint: Blueprint): Readonly<Record<string, readonly string[]>> {
  const { stack, deployables, delivery } = blueprint;
  const unique = (values: readonly string[]) => [...new Set(values)].filter((value) => !nothing.has(value));
  return {
    language: languagesOf(blueprint),
    framework: unique(deployables.map(({ framework }) => framework)),
    deployable: unique(deployables.map(({ kind }) => kind)),
    database: unique([stack.database]),
    cache: unique([stack.cache]),
    broker: unique([stack.broker]),
    ci: unique([delivery.ci]),
    deploy: unique(delivery.deploy),
    observability: unique(delivery.observability),
    load: unique([delivery.load]),
  };
}

/** The templates of a blueprint, in the order of axes and of the blueprint. */
export function selected(blueprint: Blueprint, templates: readonly Template[]): readonly Template[] {
  const languages = languagesOf(blueprint);
  const speaks = ({ languages: own }: Template) => own === 'any' || own.some((id) => languages.includes(id));
  const always = templates.filter((template) => template.axis === 'workspace' && speaks(template));
  const chosen = Object.entries(choices(blueprint)).flatMap(([axis, ids]) =>
    ids.flatMap((id) => templates.filter((template) => template.axis === axis && template.id === id && speaks(template))),
  );
  const all = [...always, ...chosen];
  for (const template of all) {
    const reason = template.refuse?.(blueprint);
    if (reason) throw new KnownError(`${template.title} does not fit this system.`, { next: reason });
  }
  return all;
}
