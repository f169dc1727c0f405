import { entityNameOf, pascal, snake } from '../../../src/blueprint/names.ts';
import type { Blueprint, Deployable, Module } from '../../../src/blueprint/schema.ts';
import { sections } from '../../../src/plan/print.ts';
import type { Intent, IntentOf, SystemSpec } from '../../../src/plan/template.ts';
import { exampleOf } from './environment.print.ts';

export function readme(system: SystemSpec): string {
  const { blueprint } = system;
  return [
    `# ${blueprint.name}`,
    '',
    introduction(blueprint),
    '',
    sections(system),
    ...realServices(system),
    '## Scripts',
    '',
    '| script | what it does |',
    '| --- | --- |',
    ...system
      .all('script')
      .toSorted(byName)
      .map(({ name, doc }) => `| \`npm run ${name}\` | ${doc.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

/** The variables that replace what development embeds, with addresses of a developer's own machine. */
function realServices(system: SystemSpec): string[] {
  const [main] = system.blueprint.deployables;
  const settings = system.all('setting').filter(({ readBy, from }) => readBy === main?.name && 'resource' in from);
  if (settings.length === 0) return [];
  const lines = settings.map((setting) => `${setting.name}=${exampleOf(system, setting)} \\`);
  return [
    '## On real services',
    '',
    'The same code runs on real services by environment variables only, here or in `.env`:',
    '',
    '```sh',
    ...lines,
    'npm start',
    '```',
    '',
    'With the same variables `npm test` tests on them.',
    '',
  ];
}

const byName = (a: IntentOf<'script'>, b: IntentOf<'script'>) => (a.name < b.name ? -1 : 1);
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const does = ({ hosts }: Deployable): string =>
  hosts.length > 0 ? `runs ${listed(hosts)}` : 'routes requests to the others';

function introduction({ modules, deployables }: Blueprint): string {
  const runs = deployables.map((one) => `\`${one.name}\` ${does(one)}`);
  const calls = modules.flatMap(({ name, uses }) => (uses.length > 0 ? [`${name} calls ${listed(uses)}`] : []));
  const lines = [
    `A backend of ${modules.length === 1 ? 'one module' : `${modules.length} modules`}: ${runs.join('; ')}.`,
    ...(calls.length > 0 ? [`${calls.join('; ')}: through contracts, and through nothing else.`] : []),
    '`architecture.yaml` says so, and `npm run arch` checks that the code agrees.',
  ];
  return lines.join('\n');
}

/** What holds for every system; the templates that were chosen add what is theirs. */
export function readmeSections(blueprint: Blueprint): Intent[] {
  const section = (order: number, title: string, text: string): Intent => ({ is: 'section', title, order, text });
  return [
    section(10, 'The first five minutes', firstMinutes(blueprint)),
    section(20, 'Map', map(blueprint)),
    section(30, 'Adding an operation', addingAnOperation(blueprint)),
    section(40, 'How it works', howItWorks(blueprint)),
    section(80, 'Operations', operations),
    section(90, 'Production checklist', checklist),
  ];
}

/** A module that uses no other can be called at once; every system has one, because uses have no cycles. */
const firstModule = ({ modules }: Blueprint): Module => modules.find(({ uses }) => uses.length === 0) as Module;

function firstMinutes(blueprint: Blueprint): string {
  const { name, entity } = firstModule(blueprint);
  const { plural } = entityNameOf(entity);
  return `
Nothing else has to be installed: the database is embedded, cache and bus are in memory, and a development issuer makes
the tokens.

\`\`\`sh
npm install
npm run dev
\`\`\`

In a second terminal:

\`\`\`sh
TOKEN=$(npm run --silent token)

curl -i localhost:3000/${name}/${plural} -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' -H 'idempotency-key: first' -d '{"name":"First","quantity":3}'

curl "localhost:3000/${name}/${plural}?limit=10" -H "authorization: Bearer $TOKEN"
curl localhost:3000/${name}/activity -H "authorization: Bearer $TOKEN"
curl -s localhost:9090/metrics | grep cache_requests_total
\`\`\`

Sent twice, the first request makes one: its \`Idempotency-Key\` is stored with the effect. \`/activity\` shows that the event
arrived, \`cache_requests_total\` where reads came from. Every operation is described at <http://localhost:3000/docs>, and
in OpenAPI at <http://localhost:3000/openapi.json>. A token for less: \`npm run token -- --sub me --scope ${name}:read\`.
What development keeps is in \`.data\`: delete that folder to start anew.`;
}

function map({ modules, deployables }: Blueprint): string {
  const inside: [string, string][] = [
    ['  src/contract.ts', 'operations and events: all that others may import'],
    ['  src/domain', 'rules, pure'],
    ['  src/app', 'use cases, one file for each operation'],
    ['  src/infra', 'SQL, cache keys'],
    ['  src/consumers.ts', 'reactions to events'],
    ['  src/jobs.ts', 'work that nobody waits for, and schedules'],
    ['  migrations', 'SQL of its own schema'],
  ];
  const rows: [string, string][] = [
    ['architecture.yaml', 'what the system is: its modules, what runs, what is checked'],
    ...modules.flatMap(({ path, entity, uses }, index): [string, string][] => [
      [
        path,
        `owns ${entityNameOf(entity).plural.replaceAll('-', ' ')}${uses.length > 0 ? `; calls ${listed(uses)}` : ''}`,
      ],
      ...(index === 0 ? inside : []),
    ]),
    ...deployables.map((one): [string, string] => [one.path, `${one.kind} that ${does(one)}`]),
    ['packages/platform', 'what modules build on; a tool keeps it current, so prefer not to edit it'],
    ['tests/http', 'the system as its clients see it; runs against any address: BASE_URL=… TOKEN=…'],
    ['tests/contract', 'modules as other modules see them'],
    ['docs/adr', 'decisions, with their reasons'],
  ];
  const width = Math.max(...rows.map(([path]) => path.length));
  return `\n\`\`\`\n${rows.map(([path, what]) => `${path.padEnd(width)}  ${what}`).join('\n')}\n\`\`\``;
}

function addingAnOperation(blueprint: Blueprint): string {
  const { name, path, entity } = firstModule(blueprint);
  const { plural, name: one } = entityNameOf(entity);
  const operation = `archive${pascal(one)}`;
  // Names have at most 30 characters.
  const command = one.length <= 22 ? `archive-${one}` : 'archive-one';
  return `
In this folder, with nothing uncommitted:

\`\`\`sh
npx create-scalable-backend add operation ${name} ${command} --method POST --path '/${plural}/{id}/archive'
\`\`\`

It states the operation, wires it, brings its use case and test, and keeps every edit of yours. \`add module\`, \`add consumer\`,
\`add job\` and \`add deployable\` work alike; \`--dry-run\` shows what they would do. To move a module to another deployable
change \`deployables\` in \`architecture.yaml\` and run \`npx create-scalable-backend .\`: no file of the module changes, and how
its data follows is printed. By hand:

1. State it in \`${path}/src/contract.ts\`; its types, validation, documentation, metrics and problems follow from that:

   \`\`\`ts
   ${operation}: operation({
     method: 'POST',
     path: '/${plural}/{id}/archive',
     summary: 'Archive one',
     scope: '${name}:write',
     input: Type.Object({ id }),
     output: Type.Object({ archivedAt: time }),
     errors: { notFound: 404 },
   }),
   \`\`\`

2. Write the use case in \`${path}/src/app/archive-${one}.ts\`: a function of the context that returns the handler. The
   compiler asks for it in \`${path}/src/module.ts\`.
3. A new column is a new file in \`${path}/migrations\`; files that ran are never changed. Development applies it at the
   next start.
4. Test the rule in \`src/domain\`, the SQL in \`test\`, and what clients see in \`tests/http/${name}.test.ts\`.`;
}

const howItWorks = ({ modules }: Blueprint): string => `
- **Data.** Each module owns one schema (${listed(modules.map((module) => `\`${snake(module.name)}\``))}) and sees no other. A change, its event
  and its job are written in one transaction: \`ctx.db.transaction(async (tx) => …)\`. Outside of one, \`ctx.db.write\` sees every commit; \`ctx.db.read\` may be a moment
  behind, because it uses the replica at DATABASE_READ_URL where there is one. Behind a pooler in transaction mode
  (PgBouncer), DATABASE_DIRECT_URL names the server itself, which jobs listen to; there, give the role its limits:
  \`alter role app set statement_timeout = '10s'\`.
- **Contracts.** \`ctx.contracts.<module>.<operation>(input)\` calls another module. Values are copied and checked even where
  both run in one process, so moving a module out changes no code. Inside a transaction a call throws: it would hold locks
  while it waits.
- **Events.** \`ctx.outbox.publish(tx, event, payload)\` stores the event with the change; a relay delivers it at least once.
  \`consume(event, effect)\` runs the effect in one transaction with the event's id, so that it happens once. Events of one
  key (the payload's \`id\`) arrive in order.
- **Jobs.** \`ctx.jobs.enqueue(tx, job, payload)\` starts work when the transaction commits; it is tried again when it fails,
  so write it idempotent. \`{ cron: '15 3 * * *' }\` makes it a schedule.
- **Cache.** \`ctx.cache.getOrLoad(key, load, { ttlMs, staleMs, tags })\`: one caller loads, the others wait for it, also across
  processes. \`ctx.cache.invalidate(tags)\` comes after the transaction.
- **HTTP.** The platform decodes, validates, authenticates, limits and answers; modules see values and throw the problems
  that their contract names: \`throw problem(operation, 'notFound')\`.`;

const operations = `
- \`/livez\` says that the process answers; \`/readyz\` that it should get traffic. On SIGTERM it is not ready first, waits
  \`SHUTDOWN_WAIT_MS\` for load balancers to notice, finishes what it has, and exits.
- \`/metrics\` is on the operations port (9090), with \`OPS_TOKEN\` as bearer token: requests by operation, pool, cache, queue
  and outbox lag, event loop. Never route that port publicly.
- Logs are JSON lines with the trace id that every problem answer names.
- \`npm run migrate\` is a step of its own: under \`NODE_ENV=production\` a process refuses to start on an older schema.
- \`.env.example\` lists every variable. For a secret, \`NAME_FILE\` may name a file that holds it.
- More processes of one deployable share the database, the jobs and the relay; give them one \`CACHE_URL\` as well, or a change
  in one is seen by the others only when their entries expire.`;

const checklist = `
- [ ] The variables without a default in \`.env.example\` come from your secret store; \`NODE_ENV=production\` refuses to start
      without them and names what is missing.
- [ ] \`migrate\` runs before each release, and migrations expand before they contract: two versions run side by side while
      a release rolls out.
- [ ] TLS ends in front of the public port; the operations port is not routed publicly.
- [ ] Tokens come from your identity provider and live for minutes: a verified one is accepted until it expires.
- [ ] Backups of the database are restored, not only made.
- [ ] Somebody gets the alerts, and has seen one.
- [ ] Load tests ran against production-like data, and their budget is the one that you promise.`;
