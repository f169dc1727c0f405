import type { Blueprint } from '../../../src/blueprint/schema.ts';
import { yaml } from '../../../src/plan/print.ts';
import type { Intent, SystemSpec, Template } from '../../../src/plan/template.ts';
import { home, model, type Variable, variables } from './services.ts';

const file = `docker compose --file ${home}/compose.yaml`;

/** One machine: everybody's processes and resources as services of one compose project. */
export const compose: Template = {
  axis: 'deploy',
  id: 'compose',
  title: 'Docker Compose',
  why: 'The whole system on one machine, with the databases and the monitoring that it needs.',
  languages: 'any',
  state: (at, blueprint) => (at.per === 'system' ? intents(blueprint) : []),
  files: [{ per: 'system', from: 'node', to: home, owner: 'tool', when: { language: 'node' } }],
  print: (system) => [
    {
      path: `${home}/compose.yaml`,
      content: yaml(model(system), [
        `Values come from ${home}/.env, which git ignores; .env.example beside this file says what each is.`,
        'First start: npm run up',
      ]),
      owner: 'tool',
      from: ['deploy/compose'],
    },
    { path: `${home}/.env.example`, content: example(system), owner: 'tool', from: ['deploy/compose'] },
  ],
};

const intents = ({ deployables }: Blueprint): readonly Intent[] => [
  {
    is: 'script',
    language: 'node',
    name: 'up',
    run: `node ${home}/init.ts && ${file} up --build --wait`,
    doc: 'The whole system in containers; the first run creates its secrets.',
  },
  {
    is: 'script',
    language: 'node',
    name: 'down',
    run: `${file} down`,
    doc: 'Stops those containers; their data stays.',
  },
  { is: 'manifest', ecosystem: 'docker-compose', at: home },
  {
    is: 'section',
    title: 'Containers',
    order: 60,
    text: `\`npm run up\` builds the images, brings the database up to date, starts everything and returns when it is ready.
Its first run writes \`${home}/.env\` with fresh random secrets and \`NODE_ENV=development\`, so that tokens of the built-in
development issuer are accepted. Only the public port is published, on 127.0.0.1. A token:

\`\`\`sh
${file} exec ${deployables[0]?.name} npm run --silent token
\`\`\`

For production, edit \`${home}/.env\`: remove \`NODE_ENV\`, set \`AUTH_ISSUER\`, \`AUTH_AUDIENCE\` and \`AUTH_JWKS_URL\` to
your identity provider, and put a proxy that ends TLS in front of the public port. Without them the system refuses to
start and names what is missing. \`.env.example\` beside it lists every variable.`,
  },
];

function example(system: SystemSpec): string {
  const all = variables(system);
  const outside = all.filter(({ use }) => use === 'outside');
  const [set, free] = partition(
    all.filter(({ use }) => use !== 'outside'),
    ({ use, trial }) => use === 'asked' || trial !== undefined,
  );
  return [
    'Variables of compose.yaml. `npm run up` copies this file to .env and gives every empty one a random value.',
    ...set.map(({ name, doc, trial = '' }) => `${doc}\n${name}=${trial}`),
    ...outside.map(({ name, doc }) => `${doc} Only you know it: remove the # and say it.\n# ${name}=`),
    'What follows has a default: remove the # to choose another value.',
    ...free.map(({ name, doc }) => `${doc}\n# ${name}=`),
  ]
    .map((block) => `# ${block}\n`)
    .join('\n');
}

const partition = (all: readonly Variable[], first: (one: Variable) => boolean) =>
  [all.filter(first), all.filter((one) => !first(one))] as const;
