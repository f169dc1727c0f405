import { posix } from 'node:path';
import type { FactMap, Path, Value } from '../model/facts.ts';
import type { Collector } from './collect.ts';
import { unusual } from './guard.ts';
import { interpolate, withDefaults } from './interpolate.ts';
import type { Language } from './language.ts';
import { type Yaml, yamlFacts } from './yaml.ts';

const claimed = /(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;

/** Docker Compose files (Compose specification): what runs, from which image or folder, with which settings. */
export const compose: Language = {
  id: 'compose',
  version: 1,
  claims: (path) => claimed.test(path),
  risk: unusual,
  extract: (source) =>
    yamlFacts(source, (root, out) => {
      const services = root.get('services');
      for (const { key, span, value } of services?.entries() ?? []) {
        if (value.is === 'map')
          service(key, { ...value, span: [span[0], value.span[1]] }, services, out, posix.dirname(source.path));
      }
    }),
};

function service(name: string, own: Yaml, all: Yaml | undefined, out: Collector, folder: Path): void {
  const bases = basesOf(own, all);
  const layers = [own, ...bases];
  /** Scalars and lists of the nearest layer that has the key; `extends` adds what is missing. */
  const get = (key: string) => layers.map((layer) => layer.get(key)).find((found) => found !== undefined);
  out.emit('process', own.span, {
    name,
    ...imageOf(get('image')),
    ...buildOf(get('build'), folder),
    ...commandOf(get('entrypoint'), get('command')),
    dependsOn: namesOf(get('depends_on')),
    ports: (get('ports')?.items() ?? []).flatMap(portOf),
    ...envFilesOf(get('env_file'), folder),
    ...profilesOf(get('profiles')),
  });
  const seen = new Set<string>();
  for (const layer of layers) environment(layer.get('environment'), name, seen, out);
  const health = get('healthcheck');
  if (health) healthcheck(health, name, out);
}

/** Services of the same file that this one `extends`, nearest first. */
function basesOf(own: Yaml, all: Yaml | undefined): readonly Yaml[] {
  const bases: Yaml[] = [];
  let at: Yaml | undefined = own;
  while (at && bases.length < 20) {
    const parent: Yaml | undefined = at.get('extends');
    const name: string | undefined = parent?.text ?? (parent?.get('file') ? undefined : parent?.get('service')?.text);
    at = name === undefined ? undefined : all?.get(name);
    if (!at || at === own || bases.includes(at)) break;
    bases.push(at);
  }
  return bases;
}

const plain = (node: Yaml | undefined): string | undefined =>
  node?.text === undefined ? undefined : withDefaults(interpolate(node.text));

/** A path in a compose file is relative to it; a remote build context has no folder here. */
const within = (folder: Path, path: string): Path => posix.join(folder, path).replace(/\/$/, '');

function imageOf(node: Yaml | undefined): Pick<FactMap['process'], 'image'> {
  const image = plain(node);
  return image === undefined ? {} : { image };
}

/** A `build` that names neither a context nor a Dockerfile adds to the one of another file (`compose.override.yml`). */
function buildOf(node: Yaml | undefined, folder: Path): Pick<FactMap['process'], 'build' | 'dockerfile'> {
  const keys = ['context', 'dockerfile', 'dockerfile_inline'].filter((key) => node?.get(key));
  const context =
    node?.is === 'map' ? (plain(node.get('context')) ?? (keys.length > 0 ? '.' : undefined)) : plain(node);
  if (context === undefined || /^[\w+.-]+:\/\/|^git@/.test(context)) return {};
  const build = within(folder, context);
  if (keys.includes('dockerfile_inline')) return { build };
  return { build, dockerfile: posix.join(build, plain(node?.get('dockerfile')) ?? 'Dockerfile') };
}

function commandOf(entrypoint: Yaml | undefined, command: Yaml | undefined): Pick<FactMap['process'], 'command'> {
  const words = [entrypoint, command].flatMap((node) => {
    if (!node) return [];
    return node.is === 'list'
      ? node.items().flatMap((item) => plain(item) ?? [])
      : (plain(node)?.split(/\s+/).filter(Boolean) ?? []);
  });
  return words.length > 0 ? { command: words } : {};
}

const namesOf = (node: Yaml | undefined): readonly string[] =>
  node?.is === 'map' ? node.entries().map(({ key }) => key) : (node?.items() ?? []).flatMap((item) => item.text ?? []);

function envFilesOf(node: Yaml | undefined, folder: Path): Pick<FactMap['process'], 'envFiles'> {
  const items = node?.is === 'list' ? node.items() : node ? [node] : [];
  const files = items.flatMap((item) => plain(item.is === 'map' ? item.get('path') : item) ?? []);
  return files.length > 0 ? { envFiles: files.map((file) => within(folder, file)) } : {};
}

function profilesOf(node: Yaml | undefined): Pick<FactMap['process'], 'profiles'> {
  const profiles = namesOf(node);
  return profiles.length > 0 ? { profiles } : {};
}

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `3000-3001:3000-3001` (the first of a range), `80`, or the long form. */
function portOf(node: Yaml): FactMap['process']['ports'] {
  if (node.is === 'map') {
    const [inside, outside] = [plain(node.get('target')), plain(node.get('published'))].map(firstPort);
    return inside === undefined ? [] : [{ inside, ...(outside !== undefined && { outside }) }];
  }
  const text = plain(node)?.replace(/\/\w+$/, '');
  if (text === undefined) return [];
  const parts = text.replace(/\[[^\]]*\]/, '').split(':');
  const inside = firstPort(parts.at(-1));
  const outside = parts.length > 1 ? firstPort(parts.at(-2)) : undefined;
  return inside === undefined ? [] : [{ inside, ...(outside !== undefined && { outside }) }];
}
function firstPort(text: string | undefined): number | undefined {
  const found = /^(\d{1,5})(?:-\d{1,5})?$/.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** `- NAME=value`, `- NAME` (from the shell that runs compose) or a map; null in a map means the shell too. */
function environment(node: Yaml | undefined, scope: string, seen: Set<string>, out: Collector): void {
  const set = (name: string, value: Value, span: Yaml['span']) => {
    if (seen.has(name)) return;
    seen.add(name);
    out.emit('env-set', span, { name, value, scope });
  };
  for (const { key, span, value } of node?.entries() ?? []) {
    set(key, value.text === undefined ? { k: 'env', name: key } : interpolate(value.text), [span[0], value.span[1]]);
  }
  for (const item of node?.items() ?? []) {
    const [, name, text] = /^([^=]+)(?:=([\s\S]*))?$/.exec(item.text ?? '') ?? [];
    if (name) set(name.trim(), text === undefined ? { k: 'env', name: name.trim() } : interpolate(text), item.span);
  }
}

function healthcheck(node: Yaml, of: string, out: Collector): void {
  const test = node.get('test');
  const command =
    test?.is === 'list'
      ? test
          .items()
          .map((item) => item.text ?? '')
          .join(' ')
      : (test?.text ?? '');
  if (node.get('disable')?.text === 'true' || command === 'NONE') return;
  const path = /https?:\/\/[^/\s'"]+(\/[^\s'"|?]*)/.exec(command)?.[1];
  out.emit('probe', node.span, { checks: 'health', of, ...(path && { path }) });
}
