import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import { manifest } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';
import { dataDir, settingIntents } from '../../language/node/platform.intents.ts';
import { wiring } from './wiring.print.ts';

const from = ['deployable/server'];
const isServer = ({ kind, language }: Deployable) => kind === 'server' && language === 'node';

export const server: Template = {
  axis: 'deployable',
  id: 'server',
  title: 'Server',
  why: 'answers HTTP and runs the consumers, jobs and outbox of its modules',
  languages: ['node'],
  needs: ['http', 'database'],
  state: (at, blueprint) => {
    if (at.per === 'system') return scripts(blueprint);
    return at.per === 'deployable' && isServer(at.deployable) ? intentsOf(blueprint, at.deployable) : [];
  },
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

function intentsOf({ name: scope, modules }: Blueprint, { name, path, hosts }: Deployable): Intent[] {
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

/** Every module runs in one process while developing, in the first server. */
function scripts({ deployables }: Blueprint): Intent[] {
  const first = deployables.find(isServer);
  if (!first) return [];
  const main = `${first.path}/main.ts`;
  const script = (name: string, run: string, doc: string): Intent => ({
    is: 'script',
    language: 'node',
    name,
    run,
    doc,
  });
  return [
    script(
      'dev',
      `node --watch --watch-preserve-output ${main} dev | pino-pretty --singleLine --ignore pid,hostname,service --translateTime HH:MM:ss.l`,
      'Starts the system, and again after each change.',
    ),
    script('start', `node ${main}`, 'Starts the system as production does.'),
    script(
      'migrate',
      `node ${main} migrate`,
      'Brings the database up to date; production does it before each release.',
    ),
    script(
      'token',
      `node ${main} token`,
      'Prints a token of the development issuer: `-- --sub me --scope "a:read a:write"`.',
    ),
  ];
}

function files(system: SystemSpec, deployable: Deployable): PlannedFile[] {
  const content = manifest(system, deployable.path, {
    name: `@${system.blueprint.name}/${deployable.name}`,
    version: '0.0.0',
    private: true,
    type: 'module',
    exports: { './wiring': './wiring.gen.ts' },
  });
  return [
    { path: `${deployable.path}/package.json`, content, owner: 'shared', from },
    { path: `${deployable.path}/wiring.gen.ts`, content: wiring(system, deployable), owner: 'tool', from },
  ];
}
