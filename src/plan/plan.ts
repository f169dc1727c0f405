import type { Blueprint } from '../blueprint/schema.ts';
import type { Catalogue, TemplateFile } from './catalogue.ts';
import { contextOf, placeholders, traits } from './context.ts';
import { collect } from './intents.ts';
import { render } from './render.ts';
import { selected } from './select.ts';
import type { FileSet, PlannedFile, Scope, SystemSpec, Template } from './template.ts';

/** The file tree of a system, in path order. */
export type Plan = readonly PlannedFile[];

export interface Release {
  /** Version of the linter that the system carries. */
  readonly version: string;
}

/**
 * Blueprint → file tree. Pure: the same blueprint, catalogue and release give the same bytes.
 * Phase 1: every chosen template states intents, once per scope. Phase 2: overlays are copied and printers print from
 * everybody's intents. Two templates that disagree on an intent, or claim one path, are an error that names both.
 */
export function plan(blueprint: Blueprint, catalogue: Catalogue, release: Release): Plan {
  const { templates, system } = specOf(blueprint, catalogue, release);
  const sites = scopesOf(blueprint).map((scope) => siteOf(blueprint, scope));
  const claims = templates.flatMap((template) => [
    ...(template.files ?? []).flatMap((set) => overlay(catalogue, template, set, sites)),
    ...[...(template.print?.(system) ?? [])].map((file): Claim => ({ file, rank: Number.POSITIVE_INFINITY })),
  ]);
  return settle(claims);
}

/** Phase 1: the chosen templates, and what printers see. */
export function specOf(
  blueprint: Blueprint,
  catalogue: Catalogue,
  { version }: Release,
): { readonly templates: readonly Template[]; readonly system: SystemSpec } {
  const templates = selected(blueprint, catalogue.templates);
  const intents = collect(blueprint, templates, scopesOf(blueprint));
  const system: SystemSpec = {
    blueprint,
    linter: { name: 'scalable-backend', version, file: `tools/scalable-backend-${version}.tgz` },
    all: (is) => intents.filter((intent) => intent.is === is) as never,
  };
  return { templates, system };
}

export function scopesOf(blueprint: Blueprint): readonly Scope[] {
  return [
    { per: 'system' },
    ...blueprint.modules.map((module): Scope => ({ per: 'module', module })),
    ...blueprint.deployables.map((deployable): Scope => ({ per: 'deployable', deployable })),
  ];
}

interface Claim {
  readonly file: PlannedFile;
  /** The more conditions an overlay has, the more specific it is; nothing is more specific than a printer. */
  readonly rank: number;
}

/** A scope with what its files may use: computed once for all of them. */
interface Site {
  readonly scope: Scope;
  readonly traits: Readonly<Record<string, readonly string[]>>;
  readonly placeholders: Readonly<Record<string, string>>;
  readonly context: object;
}
const siteOf = (blueprint: Blueprint, scope: Scope): Site => ({
  scope,
  traits: traits(blueprint, scope),
  placeholders: placeholders(blueprint, scope),
  context: contextOf(blueprint, scope),
});

function overlay(catalogue: Catalogue, template: Template, set: FileSet, sites: readonly Site[]): Claim[] {
  const wanted = sites.filter(({ scope, traits }) => scope.per === set.per && applies(set, traits));
  return wanted.flatMap((site) =>
    catalogue.overlay(template, set.from).map(
      (file): Claim => ({
        rank: Object.keys(set.when ?? {}).length,
        file: {
          path: target(`${set.to}/${file.path}`, site.placeholders),
          content: contentOf(file, `${idOf(template)}/${set.from}`, site.context),
          owner: set.owner,
          from: [idOf(template)],
        },
      }),
    ),
  );
}

export const idOf = ({ axis, id }: Template): string => `${axis}/${id}`;

const applies = ({ when = {} }: FileSet, has: Readonly<Record<string, readonly string[]>>): boolean =>
  Object.entries(when).every(([trait, value]) => {
    const values = has[trait];
    if (!values) throw new Error(`An overlay asks for the unknown trait '${trait}'.`);
    return values.includes(value);
  });

/** `{module}` is filled in, `_name` becomes `.name` (packages drop dot files), `.hbs` goes. */
export function target(path: string, values: Readonly<Record<string, string>>): string {
  return path
    .replace(/^\.?\/+/, '')
    .split('/')
    .filter((segment) => segment !== '.')
    .map((segment) => segment.replace(/^_/, '.'))
    .join('/')
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${path}: no '{${name}}' in this scope.`);
      return value;
    })
    .replace(/\.hbs$/, '');
}

export const contentOf = ({ path, content }: TemplateFile, folder: string, context: object): string | Uint8Array =>
  path.endsWith('.hbs') && typeof content === 'string' ? render(content, context, `${folder}/${path}`) : content;

function settle(claims: readonly Claim[]): PlannedFile[] {
  const byPath = Map.groupBy(claims, ({ file }) => file.path);
  return [...byPath]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, rivals]) => {
      const rank = Math.max(...rivals.map((claim) => claim.rank));
      const [winner, ...others] = rivals.filter((claim) => claim.rank === rank);
      if (others.length > 0)
        throw new Error(
          `${path} is claimed by both ${winner?.file.from.join(', ')} and ${others[0]?.file.from.join(', ')}.`,
        );
      return winner!.file;
    });
}
