import type { Blueprint } from '../../../src/blueprint/schema.ts';
import { yaml } from '../../../src/plan/print.ts';
import type { Intent, SystemSpec, Template } from '../../../src/plan/template.ts';
import { model } from './model.ts';

const from = ['deploy/sam'];
const home = 'deploy/sam';

/** AWS: everybody's functions, and what they need beside them, as one SAM template. */
export const sam: Template = {
  axis: 'deploy',
  id: 'sam',
  title: 'AWS SAM',
  why: 'The functions of the system with their API, queues, schedules and permissions, from one template.',
  languages: ['node'],
  refuse: ({ deployables }) =>
    deployables.some(({ kind }) => kind === 'functions')
      ? undefined
      : 'It deploys functions, and this system has none: choose --deploy compose, or --style serverless.',
  state: (at, blueprint) => (at.per === 'system' ? intents(blueprint) : []),
  print: (system) => [
    {
      path: 'template.yaml',
      content: yaml(model(system), [
        'Printed from architecture.yaml: the functions of the system and what they need. Do not edit.',
        'npm run build && sam deploy --guided',
      ]),
      owner: 'tool',
      from,
    },
    { path: `${home}/bundle.ts`, content: bundle(system), owner: 'tool', from },
    { path: `${home}/local.ts`, content: local(system), owner: 'tool', from },
  ],
};

const sets = ({ deployables }: Blueprint) => deployables.filter(({ kind }) => kind === 'functions');

const script = (name: string, run: string, doc: string): Intent => ({ is: 'script', language: 'node', name, run, doc });

const intents = (blueprint: Blueprint): readonly Intent[] => [
  { is: 'dependency', language: 'node', at: '', name: 'esbuild', version: '0.28.2', dev: true },
  script('build', `node ${home}/bundle.ts`, 'Bundles the functions, each set into the `dist` of its folder.'),
  script(
    'dev:functions',
    `npm run build && node ${home}/local.ts`,
    'Runs the bundled functions behind a stand-in for AWS; needs PostgreSQL at DATABASE_URL.',
  ),
  {
    is: 'job',
    stage: 'build',
    id: 'functions',
    run: ['npm run build'],
    resources: [],
    tools: { node: '24.21.0' },
    install: ['npm ci'],
  },
  {
    is: 'section',
    title: 'Functions',
    order: 61,
    text: `\`npm run dev\` runs every module in one process, as in every style. \`npm run dev:functions\` runs what is deployed:
the bundles, in threads of their own, behind a stand-in for API Gateway, SNS and SQS. It needs PostgreSQL:

\`\`\`sh
DATABASE_URL=postgres://localhost/shop npm run dev:functions
\`\`\`

\`template.yaml\` describes all that AWS makes: for each set of functions one that answers requests, one for calls of other
deployables, one for events, and one that publishes the outbox and runs jobs, each with permissions of its own; for each
module a queue with dead letters and an alarm on them. A release, for each stage a stack of its own:

1. Once: a secret in Secrets Manager for each set, \`<stack>/<set>\`, with a JSON key for each variable that
   \`template.yaml\` resolves from it (\`SERVICE_SECRET\`, where there is one, is the same in all), and a database in reach of the subnets that you name (RDS Proxy before it, because
   every instance has ${'`DatabasePoolMax`'} connections).
2. Migrate: \`DATABASE_URL=… node ${sets(blueprint)[0]?.path}/migrate.ts\`, the same for each set. Functions do not look.
3. \`npm run build && sam deploy --guided\`.`,
  },
];

/** A list as Biome formats it. Objects stand on lines of their own. */
function list(name: string, items: readonly string[]): string {
  const flat = `const ${name} = [${items.join(', ')}];`;
  if (flat.length <= 120 && !items[0]?.startsWith('{')) return flat;
  return items.length === 1 && flat.length <= 120
    ? flat
    : `const ${name} = [\n${items.map((item) => `  ${item},\n`).join('')}];`;
}

function bundle({ blueprint }: SystemSpec): string {
  return `// Printed from architecture.yaml: bundles each set of functions. Do not edit.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

${list(
  'sets',
  sets(blueprint).map(({ path }) => `'${path}'`),
)}

for (const set of sets) {
  await rm(\`\${set}/dist\`, { recursive: true, force: true });
  await build({
    entryPoints: [\`\${set}/functions.ts\`],
    outdir: \`\${set}/dist\`,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // Clients of AWS are chunks of their own, loaded when they are needed.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Modules rather than CommonJS where a package has both: what is not used is left out.
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    // Names of functions would be set one by one at each start, a quarter of its time; the maps have them.
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // Packages in CommonJS require Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
`;
}

function local({ blueprint }: SystemSpec): string {
  const entry = ({ name, path, hosts }: Blueprint['deployables'][number]) =>
    `{ name: '${name}', modules: [${hosts.map((host) => `'${host}'`).join(', ')}], bundle: bundle('${path}') }`;
  return `// Printed from architecture.yaml: runs the bundled functions on this machine. Do not edit.
import { existsSync } from 'node:fs';
import { startLocal } from '@${blueprint.name}/platform/functions/local';

const bundle = (path: string) => new URL(\`../../\${path}/dist/functions.mjs\`, import.meta.url);
${list('sets', sets(blueprint).map(entry))}

if (existsSync('.env')) process.loadEnvFile('.env');
const { url, stop } = await startLocal({ sets, port: Number(process.env.PORT ?? 3000), env: process.env });
process.stdout.write(\`\${url}\\n\`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop().then(() => process.exit(0)));
`;
}
