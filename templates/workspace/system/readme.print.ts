import { entityNameOf } from '../../../src/blueprint/names.ts';
import type { Blueprint, Module } from '../../../src/blueprint/schema.ts';
import { sections } from '../../../src/plan/print.ts';
import type { Intent, IntentOf, SystemSpec } from '../../../src/plan/template.ts';

export function readme(system: SystemSpec): string {
  const { blueprint } = system;
  return [
    `# ${blueprint.name}`,
    '',
    introduction(blueprint),
    '',
    sections(system),
    '## Scripts',
    '',
    '| script | what it does |',
    '| --- | --- |',
    ...system.all('script').toSorted(byName).map(({ name, doc }) => `| \`npm run ${name}\` | ${doc.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

const byName = (a: IntentOf<'script'>, b: IntentOf<'script'>) => (a.name < b.name ? -1 : 1);
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function introduction({ modules, deployables }: Blueprint): string {
  const hosts = deployables.map(({ name, hosts }) => `\`${name}\` runs ${listed(hosts)}`);
  const uses = modules.flatMap(({ name, uses }) => (uses.length > 0 ? [`${name} calls ${listed(uses)}`] : []));
  return [
    `A backend of ${modules.length === 1 ? 'one module' : `${modules.length} modules`}: ${hosts.join('; ')}.`,
    ...(uses.length > 0 ? [`${uses.join('; ')}: through contracts, and through nothing else.`] : []),
    '`architecture.yaml` says so, and `npm run arch` checks that the code agrees.',
  ].join(' ');
}

/** What holds for a system in any language; templates add what is theirs. */
export function readmeSections(blueprint: Blueprint): Intent[] {
  return [
    { is: 'section', title: 'The first five minutes', order: 10, text: firstMinutes(blueprint) },
    { is: 'section', title: 'Map', order: 20, text: map(blueprint) },
    { is: 'section', title: 'Production checklist', order: 90, text: checklist },
  ];
}

/** A module that stands alone can be called at once; every system has one, because uses have no cycles. */
function firstMinutes({ modules, deployables }: Blueprint): string {
  const first = modules.find(({ uses }) => uses.length === 0) as Module;
  const { plural } = entityNameOf(first.entity);
  const scope = modules.flatMap(({ name }) => [`${name}:read`, `${name}:write`]).join(' ');
  const main = deployables[0]?.path;
  return `
Nothing else has to be installed: the database is embedded, cache and bus are in memory, tokens come from a development
issuer.

\`\`\`sh
npm install
npm run dev
\`\`\`

In a second terminal:

\`\`\`sh
TOKEN=$(npm run --silent token -- --scope "${scope}")

curl -i localhost:3000/${first.name}/${plural} -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' -H 'idempotency-key: first' -d '{"name":"First","quantity":3}'

curl localhost:3000/${first.name}/${plural}?limit=10 -H "authorization: Bearer $TOKEN"
curl localhost:3000/${first.name}/activity -H "authorization: Bearer $TOKEN"
curl localhost:9090/metrics | grep cache_requests_total
\`\`\`

Sent twice, the first request makes one: its \`Idempotency-Key\` is remembered with the effect. \`/activity\` shows that the
event arrived. Every operation is described at <http://localhost:3000/docs>. What \`${main}\` keeps is in \`.data\`: delete
that folder to start anew.`;
}

function map({ modules, deployables }: Blueprint): string {
  const rows: [string, string][] = [
    ['architecture.yaml', 'what the system is: its modules, what runs, what is checked'],
    ...modules.map(({ path, entity, uses }): [string, string] => [
      path,
      `owns ${entityNameOf(entity).plural.replaceAll('-', ' ')}${uses.length > 0 ? `; calls ${listed(uses)}` : ''}`,
    ]),
    ...deployables.map(({ path, kind, hosts }): [string, string] => [path, `${kind} that runs ${listed(hosts)}`]),
    ['packages/platform', 'what every module builds on; regenerated, so change it there only with care'],
    ['tests', 'suites that see the system as its clients do'],
    ['docs/adr', 'decisions, with their reasons'],
  ];
  const width = Math.max(...rows.map(([path]) => path.length));
  return `\n\`\`\`\n${rows.map(([path, what]) => `${path.padEnd(width)}  ${what}`).join('\n')}\n\`\`\``;
}

const checklist = `
- [ ] The variables without a default in \`.env.example\` come from your secret store; \`NODE_ENV=production\` refuses to start
      without them and names what is missing.
- [ ] \`migrate\` runs before each release, and migrations expand before they contract: two versions run side by side while
      a release rolls out.
- [ ] TLS ends in front of the public port; the operations port is not routed publicly.
- [ ] Backups of the database are restored, not only made.
- [ ] Somebody gets the alerts, and has seen one.
- [ ] Load tests ran against production-like data, and their budget is the one that you promise.`;
