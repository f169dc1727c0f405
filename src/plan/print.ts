import { stringify } from 'yaml';
import type { IntentOf, SystemSpec } from './template.ts';

/** JSON as Biome formats it: objects expanded, lists on one line where they fit. `width` counts characters. */
export function json(value: unknown, width = 120): string {
  return `${block(value, '', width, 0)}\n`;
}

function block(value: unknown, indent: string, width: number, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = value.every((item) => typeof item !== 'object' || item === null || Array.isArray(item))
      ? `[${value.map((item) => block(item, '', Number.POSITIVE_INFINITY, 0)).join(', ')}]`
      : undefined;
    if (value.length === 0) return '[]';
    if (flat !== undefined && !flat.includes('\n') && indent.length + used + flat.length + 1 <= width) return flat;
    return `[\n${value.map((item) => inner + block(item, inner, width, 0)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const label = `${JSON.stringify(key)}: `;
    return inner + label + block(item, inner, width, label.length);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** YAML from data, lists indented, long strings unfolded. `head`: lines of a comment above it. */
export function yaml(value: unknown, head: readonly string[] = []): string {
  const body = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return head.length === 0 ? body : `${head.map((line) => (line ? `# ${line}` : '#')).join('\n')}\n${body}`;
}

/**
 * The manifest at `at` ('' = root) with the exact versions that templates stated; `rest` comes first, in its order.
 * `files`: development packages that the system carries itself, as `file:` specifiers.
 */
export function manifest(
  system: SystemSpec,
  at: string,
  rest: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): string {
  const own = system.all('dependency').filter((dependency) => dependency.language === 'node' && dependency.at === at);
  const versions = (dev: boolean) => {
    const stated = own
      .filter((dependency) => (dependency.dev ?? false) === dev)
      .map(({ name, version }) => [name, version] as const);
    const entries = [...stated, ...(dev ? Object.entries(files) : [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return json({ ...rest, dependencies: versions(false), devDependencies: versions(true) }, 0);
}

/** The scripts that templates stated for the root manifest, by name. */
export const scripts = (system: SystemSpec): Readonly<Record<string, string>> =>
  Object.fromEntries(
    system
      .all('script')
      .filter(({ language }) => language === 'node')
      .map(({ name, run }) => [name, run] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** README sections that templates stated, in their order, as Markdown. */
export const sections = (system: SystemSpec): string =>
  [...system.all('section')]
    .sort((a, b) => a.order - b.order || (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `## ${title}\n\n${text.trim()}\n`)
    .join('\n');

/** What `reader` reads, by name. */
export const settingsOf = (system: SystemSpec, reader: string): readonly IntentOf<'setting'>[] =>
  system
    .all('setting')
    .filter(({ readBy }) => readBy === reader)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Whether nothing that containers or a developer's machine run provides the value: a person has to say it there. */
export const fromOutside = (system: SystemSpec, { from }: IntentOf<'setting'>): boolean =>
  'cloud' in from ||
  ('deployable' in from && !system.all('process').some(({ deployable }) => deployable === from.deployable));

/** What a setting points at: a resource, or a listener of a deployable, by its name and port. */
export interface Target {
  readonly id: string;
  readonly port: number;
}

const addressed = (text: string, host: string, port: number): string =>
  text.replaceAll('{host}', host).replaceAll('{port}', String(port));

/** Plain variables of a resource's container, where its readers reach it at `host` and its own port. */
export const environmentAt = (
  { env = {}, port }: IntentOf<'resource'>,
  host: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, addressed(value, host, port)]));

/** The value of a setting where its target answers on `host` and `port` (default: the target's own). */
export function settingValue(
  system: SystemSpec,
  { name, from }: IntentOf<'setting'>,
  at: (target: Target) => { readonly host: string; readonly port?: number },
): string {
  if ('value' in from) return from.value;
  if ('cloud' in from) throw new Error(`The setting ${name} is made by a cloud target.`);
  const filled = (url: string, target: Target) => {
    const { host, port = target.port } = at(target);
    return addressed(url, host, port);
  };
  if ('resource' in from) {
    const resource = system.all('resource').find(({ id }) => id === from.resource);
    if (!resource) throw new Error(`The setting ${name} needs the resource '${from.resource}', which nobody states.`);
    return filled(resource.url, resource).replaceAll('{part}', from.part ?? resource.part ?? '');
  }
  const process = system.all('process').find(({ deployable }) => deployable === from.deployable);
  if (!process) throw new Error(`The setting ${name} needs the process of ${from.deployable}, which nobody states.`);
  const port = process.ports[from.port];
  if (port === undefined) throw new Error(`${from.deployable} has no ${from.port} port, which ${name} points at.`);
  return filled('http://{host}:{port}', { id: from.deployable, port });
}
