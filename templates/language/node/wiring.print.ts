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

/** The composition of one process: which modules, which adapters. Formatted as Biome does, whatever the names. */
export function wiring(system: SystemSpec, { name, framework, hosts, peers }: Wired): string {
  const scope = `@${system.blueprint.name}`;
  const adapters = system.all('adapter').filter(({ language }) => language === 'node');
  const of = (port: Port) => adapters.filter((adapter) => adapter.port === port);
  const http = of('http').find(({ scheme }) => scheme === framework) ?? of('http')[0];
  if (!http) throw new Error(`No template states an HTTP adapter for ${name}.`);
  const used = [http, ...of('database'), ...of('cache'), ...of('bus')];
  const modules = hosts.map((host) => `${camel(host)}Module`);
  return [
    '// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.',
    ...used.map(({ file, symbol }) => `import { ${symbol} } from '${scope}/platform/${file.replace(/\.ts$/, '')}';`),
    `import type { Wiring } from '${scope}/platform/host';`,
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
    `  http: ${http.symbol},`,
    table('databases', of('database')),
    table('caches', of('cache')),
    table('buses', of('bus')),
    '} satisfies Wiring;',
    '',
  ].join('\n');
}

function list(key: string, items: readonly string[]): string {
  const flat = `  ${key}: [${items.join(', ')}],`;
  return flat.length <= 120 ? flat : `  ${key}: [\n${items.map((item) => `    ${item},\n`).join('')}  ],`;
}

function table(key: string, adapters: readonly IntentOf<'adapter'>[]): string {
  if (adapters.length === 0) return `  ${key}: {},`;
  const entry = ({ scheme, symbol }: IntentOf<'adapter'>) => (scheme === symbol ? symbol : `${scheme}: ${symbol}`);
  return `  ${key}: {\n${adapters.map((adapter) => `    ${entry(adapter)},\n`).join('')}  },`;
}
