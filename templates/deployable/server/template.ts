import { packageOf } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import { manifest } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';
import { dataDir, peerSettings, remoteSettings, settingIntents } from '../../language/node/platform.intents.ts';
import { hostsOf, wiredAs, wiring } from '../../language/node/wiring.print.ts';

const from = ['deployable/server'];
const isServer = ({ kind, language }: Deployable) => kind === 'server' && language === 'node';

export const server: Template = {
  axis: 'deployable',
  id: 'server',
  title: 'Server',
  why: 'answers HTTP and runs the consumers, jobs and outbox of its modules',
  languages: ['node'],
  needs: ['http', 'database'],
  state: (at, blueprint) =>
    at.per === 'deployable' && isServer(at.deployable) ? intentsOf(blueprint, at.deployable) : [],
  files: [
    {
      per: 'deployable',
      from: 'node',
      to: 'deployables/{deployable}',
      owner: 'team',
      when: { kind: 'server', language: 'node' },
    },
  ],
  print: (system) => system.blueprint.deployables.filter(isServer).flatMap((deployable) => files(system, deployable)),
};

/** Ports of the image; whoever runs it maps them. */
const ports = { public: 3000, internal: 3001, ops: 9090 };
/** SHUTDOWN_WAIT_MS, the platform's deadline for closing, and a margin. */
const stopMs = 5_000 + 20_000 + 5_000;

function intentsOf(blueprint: Blueprint, deployable: Deployable): Intent[] {
  const { name: scope, modules } = blueprint;
  const { name, path, hosts } = deployable;
  const main = `${path}/main.ts`;
  const packages = [
    'platform',
    ...modules.filter((module) => hosts.includes(module.name)).map((module) => module.name),
  ];
  return [
    {
      is: 'process',
      deployable: name,
      command: ['node', main],
      ports,
      ready: ['node', '-e', probe(ports.public, '/readyz')],
      migrate: ['node', main, 'migrate'],
      stopMs,
      writable: [dataDir],
      memoryMb: 512,
    },
    ...settingIntents(name),
    ...(hostsOf(blueprint).length > 1 ? peerSettings(name) : []),
    ...remoteSettings(blueprint, deployable),
    ...packages.map(
      (one): Intent => ({ is: 'dependency', language: 'node', at: path, name: `@${scope}/${one}`, version: '0.0.0' }),
    ),
    {
      is: 'job',
      stage: 'build',
      id: `image-${name}`,
      run: [`docker build --file ${path}/Dockerfile --tag ${scope}-${name} .`],
      resources: [],
      minutes: 20,
    },
    { is: 'manifest', ecosystem: 'docker', at: path },
  ];
}

/** A program without dependencies that exits 0 when `path` answers well within two seconds. */
const probe = (port: number, path: string): string =>
  `fetch('http://127.0.0.1:${port}${path}',{signal:AbortSignal.timeout(2000)}).then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`;

function files(system: SystemSpec, deployable: Deployable): PlannedFile[] {
  const content = manifest(system, deployable.path, {
    name: packageOf(system.blueprint.name, deployable),
    version: '0.0.0',
    private: true,
    type: 'module',
    exports: { './wiring': './wiring.gen.ts' },
  });
  return [
    { path: `${deployable.path}/package.json`, content, owner: 'shared', from },
    {
      path: `${deployable.path}/wiring.gen.ts`,
      content: wiring(system, wiredAs(system, deployable)),
      owner: 'tool',
      from,
    },
  ];
}
