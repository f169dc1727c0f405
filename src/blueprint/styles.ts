import { KnownError } from '../model/known-error.ts';
import type { Blueprint, Deployable, Module } from './schema.ts';

/** A style is a placement of modules on deployables, and nothing else. */
export interface Style {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  place(modules: readonly Module[], stack: Blueprint['stack']): readonly Deployable[];
}

export const styles: readonly Style[] = [
  {
    id: 'monolith',
    title: 'Modular monolith',
    why: 'one process hosts every module; move one out the day the numbers ask for it',
    place: (modules, stack) => [
      {
        name: 'api',
        kind: 'server',
        path: 'deployables/api',
        language: stack.language,
        framework: stack.framework,
        hosts: modules.map(({ name }) => name),
        public: true,
      },
    ],
  },
];

/** Styles that the design has and this version cannot generate yet. */
export const later = ['microservices', 'serverless', 'hybrid'];

export function styleOf(id: string): Style {
  const style = styles.find((candidate) => candidate.id === id);
  if (style) return style;
  const known = styles.map((candidate) => candidate.id).join(', ');
  if (later.includes(id))
    throw new KnownError(`The style ${id} arrives with a later version; this one generates: ${known}.`, {
      next: `Use --style ${known}: a module keeps its code when its system is split later.`,
    });
  throw new KnownError(`Unknown style '${id}'.`, { next: `Use one of: ${known}.` });
}
