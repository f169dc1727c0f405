import { Scalar } from 'yaml';
import { environmentAt, fromOutside, settingsOf, settingValue } from '../../../src/plan/print.ts';
import type { IntentOf, SystemSpec } from '../../../src/plan/template.ts';

type Resource = IntentOf<'resource'>;
type Process = IntentOf<'process'>;
type Setting = IntentOf<'setting'>;

/** Folder of `compose.yaml`; `root` leads from it to the root of the system. */
export const home = 'deploy/compose';
const root = '../..';

/** A variable that `compose.yaml` takes from `.env`. */
export interface Variable {
  readonly name: string;
  readonly doc: string;
  /** asked: no start without it. outside: nor without this one, and no random value will do. offered: there is a default. */
  readonly use: 'asked' | 'outside' | 'offered';
  readonly secret: boolean;
  /** Value of a first try. */
  readonly trial?: string;
}

/** Every variable that compose substitutes, each once, by name. */
export function variables(system: SystemSpec): readonly Variable[] {
  const { resources, processes } = members(system);
  const found = [
    ...resources.flatMap(({ secrets = {} }) =>
      Object.entries(secrets).map(([name, doc]): Variable => ({ name, doc, use: 'asked', secret: true })),
    ),
    ...[...processes.map(({ deployable }) => deployable), ...resources.map(({ id }) => id)]
      .flatMap((reader) => settingsOf(system, reader))
      .filter((setting) => !setting.fixed && ('value' in setting.from || fromOutside(system, setting)))
      .map(
        (setting): Variable => ({
          name: setting.name,
          doc: setting.doc,
          use: fromOutside(system, setting) ? 'outside' : required(setting) ? 'asked' : 'offered',
          secret: setting.secret,
          ...(setting.trial === undefined ? {} : { trial: setting.trial }),
        }),
      ),
    ...(processes.length > 0 ? [publicAddress, publicPort] : []),
  ];
  const byName = new Map<string, Variable>();
  for (const variable of found) {
    const earlier = byName.get(variable.name);
    if (!earlier || (earlier.use === 'offered' && variable.use === 'asked')) byName.set(variable.name, variable);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const publicAddress: Variable = {
  name: 'PUBLIC_ADDRESS',
  doc: 'Address of this machine on which the public port is published; 127.0.0.1 unless set.',
  use: 'offered',
  secret: false,
};
const publicPort: Variable = {
  name: 'PUBLIC_PORT',
  doc: 'Public port of this machine; the port of the deployable unless set.',
  use: 'offered',
  secret: false,
};

/** The compose model of a system. */
export function model(system: SystemSpec): Record<string, unknown> {
  const { resources, processes } = members(system);
  const services: Record<string, unknown> = Object.fromEntries(
    [
      ...resources.map((resource): [string, unknown] => [resource.id, resourceService(system, resource)]),
      ...processes.flatMap((process): [string, unknown][] => [
        [process.deployable, processService(system, process)],
        ...(process.migrate ? [migration(system, process, process.migrate)] : []),
      ]),
    ].sort(([a], [b]) => a.localeCompare(b)),
  );
  const kept = resources.filter(({ volume }) => volume);
  const files = [...new Set(resources.flatMap(({ secretFiles = {} }) => Object.values(secretFiles)))].sort();
  return {
    name: system.blueprint.name,
    services,
    networks: { default: {}, internal: { internal: true } },
    ...(kept.length > 0 ? { volumes: Object.fromEntries(kept.map(({ id }) => [volumeOf(id), {}])) } : {}),
    ...(files.length > 0
      ? { secrets: Object.fromEntries(files.map((name) => [secretOf(name), { environment: name }])) }
      : {}),
  };
}

const volumeOf = (id: string) => `${id}-data`;
const secretOf = (setting: string) => setting.toLowerCase().replaceAll('_', '-');

function members(system: SystemSpec): { resources: readonly Resource[]; processes: readonly Process[] } {
  return { resources: system.all('resource'), processes: system.all('process') };
}

function processService(system: SystemSpec, process: Process): object {
  const deployable = deployableOf(system, process);
  const resources = resourcesOf(system, process.deployable);
  return ordered({
    build: buildOf(system, process),
    depends_on: Object.fromEntries(
      [
        ...(process.migrate ? [[migrationName(process), 'service_completed_successfully']] : []),
        ...[...resources.map(({ id }) => id), ...(process.after ?? [])].map((id) => [id, 'service_healthy']),
      ]
        .sort(([a = ''], [b = '']) => a.localeCompare(b))
        .map(([id, condition]) => [id, { condition }]),
    ),
    networks: ['default', 'internal'],
    ...(deployable.public
      ? {
          ports: [
            published(
              process.ports.public,
              `\${PUBLIC_ADDRESS:-127.0.0.1}`,
              `\${PUBLIC_PORT:-${process.ports.public}}`,
            ),
          ],
        }
      : {}),
    environment: environmentOf(system, process.deployable),
    ...hardened(process),
    command: process.command,
    init: true,
    ...(process.ready ? { healthcheck: healthcheck(process.ready) } : {}),
    restart: 'unless-stopped',
    stop_grace_period: `${Math.ceil((process.stopMs ?? 30_000) / 1000)}s`,
    ...limits(process.memoryMb ?? 512),
  });
}

const migrationName = ({ deployable }: Process) => `${deployable}-migrate`;

/** A one-shot service from the same build: the deployable starts only after it has ended well. */
function migration(system: SystemSpec, process: Process, command: readonly string[]): [string, object] {
  const resources = resourcesOf(system, process.deployable);
  return [
    migrationName(process),
    ordered({
      build: buildOf(system, process),
      depends_on: Object.fromEntries(resources.map(({ id }) => [id, { condition: 'service_healthy' }])),
      networks: ['default', 'internal'],
      environment: environmentOf(system, process.deployable),
      ...hardened(process),
      command,
      init: true,
      restart: quoted('no'),
      healthcheck: { disable: true },
      ...limits(process.memoryMb ?? 512),
    }),
  ];
}

function resourceService(system: SystemSpec, resource: Resource): object {
  const upstream = resourcesOf(system, resource.id);
  const environment = {
    ...Object.fromEntries(
      Object.entries(environmentAt(resource, resource.id)).map(([name, value]) => [name, literal(value)]),
    ),
    ...Object.fromEntries(Object.keys(resource.secrets ?? {}).map((name) => [name, ask(name)])),
    ...environmentOf(system, resource.id, Object.values(resource.secretFiles ?? {})),
  };
  const volumes = [
    ...(resource.volume ? [`${volumeOf(resource.id)}:${resource.volume}`] : []),
    ...Object.entries(resource.config ?? {}).map(([target, path]) => `${root}/${path}:${target}:ro`),
  ];
  return ordered({
    image: resource.image,
    ...(upstream.length > 0
      ? { depends_on: Object.fromEntries(upstream.map(({ id }) => [id, { condition: 'service_healthy' }])) }
      : {}),
    ...(volumes.length > 0 ? { volumes } : {}),
    networks: resource.browse ? ['default', 'internal'] : ['internal'],
    ...(resource.browse ? { ports: [published(resource.port, '127.0.0.1', String(resource.browse))] } : {}),
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    security_opt: ['no-new-privileges:true'],
    ...(resource.secretFiles
      ? {
          secrets: Object.entries(resource.secretFiles).map(([target, name]) => ({ source: secretOf(name), target })),
        }
      : {}),
    ...(resource.command ? { command: resource.command.map(literal) } : {}),
    healthcheck: healthcheck(resource.ready),
    restart: 'unless-stopped',
    ...limits(resource.memoryMb ?? 512),
  });
}

/** What `reader` gets. Without a value in `.env`, a variable that is only offered is not set in the container at all. */
function environmentOf(
  system: SystemSpec,
  reader: string,
  inFiles: readonly string[] = [],
): Record<string, string | null> {
  return Object.fromEntries(
    settingsOf(system, reader)
      .filter(({ name }) => !inFiles.includes(name))
      .map((setting) => [setting.name, valueIn(system, setting)]),
  );
}

function valueIn(system: SystemSpec, setting: Setting): string | null {
  if (fromOutside(system, setting))
    return `\${${setting.name}:?not set in ${home}/.env; its comment there says what it is}`;
  if (!('value' in setting.from)) {
    const value = literal(settingValue(system, setting, ({ id }) => ({ host: id })));
    return value.replace(/\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => ask(name));
  }
  const { value } = setting.from;
  if (setting.fixed) return literal(value);
  if (required(setting)) return ask(setting.name);
  return value === '' ? null : `\${${setting.name}:-${literal(value)}}`;
}

const required = ({ from, fallback, fixed }: Setting): boolean =>
  !fixed && 'value' in from && from.value === '' && fallback === undefined;

/** Compose stops with this sentence when the variable has no value. */
const ask = (name: string): string => `\${${name}:?not set in deploy/compose/.env; npm run up creates it}`;

/** `$` begins a substitution in compose files. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** Resources that `reader` reaches, by its settings. */
function resourcesOf(system: SystemSpec, reader: string): readonly Resource[] {
  const ids = new Set(settingsOf(system, reader).flatMap(({ from }) => ('resource' in from ? [from.resource] : [])));
  return system
    .all('resource')
    .filter(({ id }) => ids.has(id))
    .sort((a, b) => a.id.localeCompare(b.id));
}

function deployableOf(system: SystemSpec, { deployable }: Process) {
  const found = system.blueprint.deployables.find(({ name }) => name === deployable);
  if (!found)
    throw new Error(`A process is stated for the deployable '${deployable}', which the system does not have.`);
  return found;
}

const buildOf = (system: SystemSpec, process: Process) => ({
  context: root,
  dockerfile: `${deployableOf(system, process).path}/Dockerfile`,
});

const published = (target: number, address: string, port: string) => ({
  target,
  published: quoted(port),
  host_ip: quoted(address),
});

/** YAML 1.1 reads a bare `no` as false and a bare `22:22` as a number; readers of compose files still meet both. */
function quoted(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** The order in which `dclint` and its readers expect the keys of a service. */
const keys =
  'image build depends_on volumes secrets environment ports networks command restart healthcheck logging cap_drop deploy init read_only security_opt stop_grace_period tmpfs'.split(
    ' ',
  );

const ordered = (service: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(service).sort(([a], [b]) => keys.indexOf(a) - keys.indexOf(b)));

const hardened = ({ writable = [] }: Process) => ({
  cap_drop: ['ALL'],
  read_only: true,
  security_opt: ['no-new-privileges:true'],
  tmpfs: ['/tmp', ...writable.map((path) => `${path}:mode=1777`)],
});

const healthcheck = (command: readonly string[]) => ({
  test: ['CMD', ...command.map(literal)],
  interval: '5s',
  timeout: '5s',
  retries: 12,
  start_period: '10s',
});

const limits = (memoryMb: number) => ({
  deploy: { resources: { limits: { cpus: '1', memory: `${memoryMb}M`, pids: 256 } } },
  logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } },
});
