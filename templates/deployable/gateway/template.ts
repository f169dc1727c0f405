import { camel, packageOf } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import { manifest } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';
import { addresses, configuration, proxied } from './nginx.print.ts';

const from = ['deployable/gateway'];
const isGateway = ({ kind }: Deployable) => kind === 'gateway';
const port = 8080;

export const gateway: Template = {
  axis: 'deployable',
  id: 'gateway',
  title: 'Gateway',
  why: 'one address for clients: nginx routes each module to the deployable that hosts it',
  languages: ['node'],
  state: (at, blueprint) =>
    at.per === 'deployable' && isGateway(at.deployable) ? intentsOf(blueprint, at.deployable) : [],
  files: [
    { per: 'deployable', from: 'files', to: 'deployables/{deployable}', owner: 'team', when: { kind: 'gateway' } },
  ],
  print: (system) => system.blueprint.deployables.filter(isGateway).flatMap((one) => files(system, one)),
};

/** Modules that servers host, in the order of the blueprint: functions answer at an address of their own. */
function routed(blueprint: Blueprint): readonly string[] {
  const hosted = proxied(blueprint).flatMap(({ modules }) => modules);
  return blueprint.modules.map(({ name }) => name).filter((name) => hosted.includes(name));
}

function intentsOf(blueprint: Blueprint, { name, path }: Deployable): Intent[] {
  const packages = ['platform', ...routed(blueprint)];
  return [
    {
      is: 'process',
      deployable: name,
      command: ['nginx', '-g', 'daemon off;'],
      ports: { public: port },
      ready: ['curl', '--fail', '--silent', '--output', '/dev/null', `http://127.0.0.1:${port}/livez`],
      after: blueprint.deployables.filter(({ kind }) => kind === 'server').map((server) => server.name),
      stopMs: 15_000,
      memoryMb: 128,
    },
    ...packages.map(
      (one): Intent => ({
        is: 'dependency',
        language: 'node',
        at: path,
        name: `@${blueprint.name}/${one}`,
        version: '0.0.0',
      }),
    ),
    {
      is: 'job',
      stage: 'build',
      id: `image-${name}`,
      run: [`docker build --file ${path}/Dockerfile --tag ${blueprint.name}-${name} .`],
      resources: [],
      minutes: 20,
    },
    { is: 'manifest', ecosystem: 'docker', at: path },
  ];
}

function files(system: SystemSpec, { name, path, kind }: Deployable): PlannedFile[] {
  const { blueprint } = system;
  const content = manifest(system, path, {
    name: packageOf(blueprint.name, { name, kind }),
    version: '0.0.0',
    private: true,
    type: 'module',
  });
  const file = (at: string, content: string, owner: PlannedFile['owner']): PlannedFile => ({
    path: `${path}/${at}`,
    content,
    owner,
    from,
  });
  const routes = proxied(blueprint);
  return [
    file('package.json', content, 'shared'),
    file('nginx.conf', configuration(routes, port), 'tool'),
    file('addresses.conf', addresses(system, routes), 'tool'),
    file('contracts.gen.ts', contracts(blueprint), 'tool'),
  ];
}

/** The contracts whose operations the gateway documents. */
function contracts(blueprint: Blueprint): string {
  const { name } = blueprint;
  const all = routed(blueprint).map((module) => ({ module, symbol: `${camel(module)}Contract` }));
  return [
    '// Printed from architecture.yaml: the contracts whose operations clients find behind the gateway. Do not edit.',
    ...all.map(({ module, symbol }) => `import { ${symbol} } from '@${name}/${module}/contract';`),
    '',
    'export const contracts = [',
    '  // In the order of the modules.',
    ...all.map(({ symbol }) => `  ${symbol},`),
    '];',
    '',
  ].join('\n');
}
