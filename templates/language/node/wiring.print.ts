import { camel } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import type { IntentOf, Port, SystemSpec } from '../../../src/plan/template.ts';

/** What a wiring is printed from. */
export interface Wired extends Pick<Deployable, 'name' | 'framework' | 'hosts'> {
  /** Other deployables that host modules. */
  readonly peers: readonly string[];
}

/** The deployables of a system that host modules in Node. */
export const hostsOf = ({ deployables }: Blueprint): readonly Deployable[] =>
  deployables.filter(({ hosts, language }) => hosts.length > 0 && language === 'node');

export const wiredAs = ({ blueprint }: SystemSpec, deployable: Deployable): Wired => ({
  ...deployable,
  peers: hostsOf(blueprint).flatMap(({ name }) => (name === deployable.name ? [] : [name])),
});

/** The composition of a set of functions: no HTTP framework and no embedded database are bundled. */
export function functionsWiring(system: SystemSpec, wired: Wired, documented: readonly string[]): string {
  const scope = `@${system.blueprint.name}`;
  const contracts = documented.map((module) => `${camel(module)}Contract`);
  const adapters = system
    .all('adapter')
    .filter(({ language, port, scheme }) => language === 'node' && port !== 'http' && scheme !== 'pglite')
    .filter(({ port, scheme }) => port !== 'bus' || scheme === 'sns');
  return composition(system, wired, adapters, {
    type: { name: 'FunctionsWiring', from: 'functions' },
    imports: documented.map((module) => `import { ${camel(module)}Contract } from '${scope}/${module}/contract';`),
    fields: [list('contracts', contracts)],
  });
}

/** The composition of one process: which modules, which adapters. Formatted as Biome does, whatever the names. */
export function wiring(system: SystemSpec, wired: Wired): string {
  const adapters = system.all('adapter').filter(({ language }) => language === 'node');
  const offered = adapters.filter(({ port }) => port === 'http');
  const http = offered.find(({ scheme }) => scheme === wired.framework) ?? offered[0];
  if (!http) throw new Error(`No template states an HTTP adapter for ${wired.name}.`);
  const used = adapters.filter((adapter) => adapter.port !== 'http' || adapter === http);
  return composition(system, wired, used, {
    type: { name: 'Wiring', from: 'host' },
    imports: [],
    fields: [`  http: ${http.symbol},`],
  });
}

interface Kind {
  readonly type: { readonly name: string; readonly from: string };
  readonly imports: readonly string[];
  readonly fields: readonly string[];
}

function composition(
  system: SystemSpec,
  { name, hosts, peers }: Wired,
  adapters: readonly IntentOf<'adapter'>[],
  { type, imports, fields }: Kind,
): string {
  const scope = `@${system.blueprint.name}`;
  const of = (port: Port) => adapters.filter((adapter) => adapter.port === port);
  const used = [...of('http'), ...of('database'), ...of('cache'), ...of('bus')];
  const modules = hosts.map((host) => `${camel(host)}Module`);
  return [
    '// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.',
    ...used.map(({ file, symbol }) => `import { ${symbol} } from '${scope}/platform/${file.replace(/\.ts$/, '')}';`),
    `import type { ${type.name} } from '${scope}/platform/${type.from}';`,
    ...imports,
    ...hosts.map((host) => `import { ${camel(host)}Module } from '${scope}/${host}/module';`),
    '',
    'export const wiring = {',
    `  system: '${system.blueprint.name}',`,
    `  name: '${name}',`,
    list(
      'peers',
      peers.map((peer) => `'${peer}'`),
    ),
    list('modules', modules),
    ...fields,
    table('databases', of('database')),
    table('caches', of('cache')),
    table('buses', of('bus')),
    `} satisfies ${type.name};`,
    '',
  ].join('\n');
}

/** A property that is a list, on one line where it fits. */
export function list(key: string, items: readonly string[], indent = '  '): string {
  const flat = `${indent}${key}: [${items.join(', ')}],`;
  return flat.length <= 120
    ? flat
    : `${indent}${key}: [\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}],`;
}

function table(key: string, adapters: readonly IntentOf<'adapter'>[]): string {
  if (adapters.length === 0) return `  ${key}: {},`;
  const entry = ({ scheme, symbol }: IntentOf<'adapter'>) => (scheme === symbol ? symbol : `${scheme}: ${symbol}`);
  return `  ${key}: {\n${adapters.map((adapter) => `    ${entry(adapter)},\n`).join('')}  },`;
}
