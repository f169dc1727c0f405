import { packageOf } from '../../../src/blueprint/names.ts';
import type { Blueprint } from '../../../src/blueprint/schema.ts';
import type { Intent, PlannedFile, SystemSpec } from '../../../src/plan/template.ts';
import { hostsOf, list, wiring } from './wiring.print.ts';

const from = ['language/node'];

/**
 * What runs every module in one process, in every style: the only deployable, or a composition for development.
 * `main`: the program, relative to the root. `wiring`: its composition, as a file of `tests/` imports it.
 */
export function inOneProcess(blueprint: Blueprint): { readonly main: string; readonly wiring: string } {
  const [only, ...more] = hostsOf(blueprint);
  if (only?.kind === 'server' && more.length === 0)
    return { main: `${only.path}/main.ts`, wiring: `${packageOf(blueprint.name, only)}/wiring` };
  return { main: 'dev/main.ts', wiring: '../dev/wiring.gen.ts' };
}

/** Whether modules run in several processes, which one machine can start: functions are started by their cloud. */
const apart = (blueprint: Blueprint): boolean =>
  hostsOf(blueprint).length > 1 && hostsOf(blueprint).every(({ kind }) => kind === 'server');

/** Log lines for people; `dev:split` says as well which deployable they are from. */
const pretty = 'pino-pretty --singleLine --ignore pid,hostname,service --translateTime HH:MM:ss.l';
const prettySplit = `${pretty} --messageFormat "{service} {msg}"`;

export function developmentIntents(blueprint: Blueprint): Intent[] {
  const { main } = inOneProcess(blueprint);
  const composed = main.startsWith('dev/');
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
      `node --watch --watch-preserve-output ${main} dev | ${pretty}`,
      `Starts ${composed ? 'every module in one process' : 'the system'}, and again after each change.`,
    ),
    script(
      'start',
      `node ${main}`,
      composed ? 'Starts every module in one process.' : 'Starts the system as production does.',
    ),
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
    ...(apart(blueprint) ? splitIntents(script) : []),
  ];
}

const splitIntents = (script: (name: string, run: string, doc: string) => Intent): Intent[] => [
  script(
    'dev:split',
    `node dev/split.ts | ${prettySplit}`,
    'Starts the real split on this machine: a process and a database for each deployable.',
  ),
  script(
    'certificates',
    'node dev/certificates.ts',
    'Makes certificates for calls between deployables; `dev:split` uses them, and running processes take new ones.',
  ),
  { is: 'section', title: 'The real split', order: 15, text: splitSection },
];

const splitSection = `
\`npm run dev\` hosts every module in one process. What is different when they are apart (calls over the network, a
database each, events between processes) shows on your machine too:

\`\`\`sh
DATABASE_URL=postgres://user:password@localhost/postgres npm run dev:split
\`\`\`

It starts a process for each deployable, gives each a database on that server, and answers at <http://localhost:3000> for
all of them as the gateway does. Without \`DATABASE_URL\` it takes a PostgreSQL from npm and says how to install it; without
\`BUS_URL\` events go through that PostgreSQL. Ctrl-C stops everything.

\`npm run certificates\` makes an authority and a certificate for each deployable; from then on \`dev:split\` calls by
mutual TLS: both sides have to show one. In production \`INTERNAL_TLS_CERT\`, \`INTERNAL_TLS_KEY\` and \`INTERNAL_TLS_CA\` name the
files, and \`https:\` addresses their use. Replaced files are taken without a restart.`;

export function development(system: SystemSpec): PlannedFile[] {
  const { blueprint } = system;
  if (inOneProcess(blueprint).main !== 'dev/main.ts') return [];
  const main = `import { run } from '@${blueprint.name}/platform/host';
import { wiring } from './wiring.gen.ts';

await run(wiring);
`;
  const all = {
    name: 'dev',
    framework: blueprint.stack.framework,
    hosts: blueprint.modules.map(({ name }) => name),
    peers: [],
  };
  return [
    { path: 'dev/main.ts', content: main, owner: 'team', from },
    { path: 'dev/wiring.gen.ts', content: wiring(system, all), owner: 'tool', from },
    ...(apart(blueprint)
      ? [{ path: 'dev/servers.gen.ts', content: servers(system), owner: 'tool' as const, from }]
      : []),
  ];
}

/** The processes that host modules, each with the program that it runs. */
function servers(system: SystemSpec): string {
  const hosting = hostsOf(system.blueprint).flatMap(({ name, hosts }) => {
    const process = system.all('process').find(({ deployable }) => deployable === name);
    const main = process?.command[1];
    return main ? [{ name, main, hosts }] : [];
  });
  return [
    '// Printed from architecture.yaml: the processes that `npm run dev:split` starts. Do not edit.',
    'export const servers = [',
    ...hosting.flatMap(({ name, main, hosts }) => [
      '  {',
      `    name: '${name}',`,
      `    main: '${main}',`,
      list(
        'modules',
        hosts.map((host) => `'${host}'`),
        '    ',
      ),
      '  },',
    ]),
    '];',
    '',
  ].join('\n');
}
