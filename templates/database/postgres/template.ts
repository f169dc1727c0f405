import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import type { Intent, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';

const platform = 'packages/platform';

export const postgres: Template = {
  axis: 'database',
  id: 'postgres',
  title: 'PostgreSQL',
  why: 'embedded as PGlite while developing, a server in production: the same SQL in both',
  languages: ['node'],
  provides: ['database', 'jobs'],
  state: (at, blueprint) => {
    if (at.per === 'system')
      return [serverOf(blueprint), ...nodeIntents, ...(owners(blueprint).length > 0 ? splitIntents : [])];
    const { deployable } = at.per === 'deployable' ? at : {};
    return deployable && deployable.hosts.length > 0 ? settingsOf(blueprint, deployable) : [];
  },
  print: databases,
  files: [
    { per: 'system', from: 'node/platform', to: `${platform}/src/db`, owner: 'tool', when: { language: 'node' } },
    {
      per: 'system',
      from: 'node/bus',
      to: `${platform}/src/bus`,
      owner: 'tool',
      when: { language: 'node', modules: 'apart' },
    },
    {
      per: 'system',
      from: 'node/dev',
      to: 'dev',
      owner: 'tool',
      when: { language: 'node', modules: 'in-processes' },
    },
  ],
};

/** Deployables that host modules have a database each, where there is more than one. */
const owners = ({ deployables }: Blueprint): readonly Deployable[] => {
  const hosting = deployables.filter(({ hosts }) => hosts.length > 0);
  return hosting.length > 1 ? hosting : [];
};
const databaseOf = ({ name }: Deployable): string => name.replaceAll('-', '_');

const server = {
  is: 'resource',
  id: 'postgres',
  image: 'postgres:18',
  port: 5432,
  // Over TCP: while the image initialises, its temporary server answers on the socket only.
  ready: ['pg_isready', '--host=127.0.0.1', '--username=app', '--dbname=app'],
  // The image keeps each major version in a folder of its own below this one.
  volume: '/var/lib/postgresql',
  env: { POSTGRES_USER: 'app', POSTGRES_DB: 'app' },
  secrets: { POSTGRES_PASSWORD: 'Password of the database user.' },
  url: 'postgres://app:{POSTGRES_PASSWORD}@{host}:{port}/{part}',
  part: 'app',
  memoryMb: 512,
} satisfies Intent;

const creation = 'deploy/postgres/databases.sql';
const serverOf = (blueprint: Blueprint): Intent =>
  owners(blueprint).length === 0
    ? server
    : { ...server, config: { '/docker-entrypoint-initdb.d/databases.sql': creation } };

/** What the server runs when its volume is new. */
function databases({ blueprint }: SystemSpec): PlannedFile[] {
  const names = owners(blueprint).map(databaseOf);
  if (names.length === 0) return [];
  const lines = ['-- A database for each deployable: nothing is shared but the server, and that only here.', ...names];
  const content = lines.map((line, index) => (index === 0 ? line : `create database "${line}";`)).join('\n');
  return [{ path: creation, content: `${content}\n`, owner: 'tool', from: ['database/postgres'] }];
}

const nodeIntents: readonly Intent[] = [
  { is: 'dependency', language: 'node', at: platform, name: 'pg', version: '8.23.1' },
  { is: 'dependency', language: 'node', at: platform, name: '@electric-sql/pglite', version: '0.5.16', dev: true },
  { is: 'dependency', language: 'node', at: platform, name: '@types/pg', version: '8.23.1', dev: true },
  ...['pglite', 'postgres'].map(
    (name): Intent => ({
      is: 'adapter',
      language: 'node',
      port: 'database',
      scheme: name,
      file: `db/${name}.ts`,
      symbol: name,
    }),
  ),
];
/** Lets deployables run as processes of their own where no broker is: `dev:split`. */
const splitIntents: readonly Intent[] = [
  { is: 'adapter', language: 'node', port: 'bus', scheme: 'postgres', file: 'bus/postgres.ts', symbol: 'postgresBus' },
  ...['pg', '@types/pg'].map(
    (name): Intent => ({ is: 'dependency', language: 'node', at: '', name, version: '8.23.1', dev: true }),
  ),
];

/** Optional addresses of servers. A set of functions asks for a secret's every part, and cannot leave one out. */
const addresses = [
  {
    name: 'DATABASE_READ_URL',
    secret: true,
    from: { value: '' },
    doc: 'A replica of DATABASE_URL for reads that may be a moment behind.',
    fallback: 'all reads go to DATABASE_URL',
  },
  {
    name: 'DATABASE_DIRECT_URL',
    secret: true,
    from: { value: '' },
    doc: 'The server itself, where DATABASE_URL is a pooler in transaction mode: jobs need a session.',
    fallback: 'DATABASE_URL is a server',
  },
] as const;

function settingsOf(blueprint: Blueprint, deployable: Deployable): Intent[] {
  const readBy = deployable.name;
  const part = owners(blueprint).includes(deployable) ? { part: databaseOf(deployable) } : {};
  const setting = { is: 'setting', readBy, secret: false } as const;
  return [
    {
      ...setting,
      name: 'DATABASE_URL',
      secret: true,
      from: { resource: 'postgres', ...part },
      doc: 'PostgreSQL: postgres://user:password@host/name.',
      fallback: 'an embedded database in DATA_DIR',
    },
    ...(deployable.kind === 'functions' ? [] : addresses.map((address): Intent => ({ ...setting, ...address }))),
    {
      ...setting,
      name: 'DATABASE_POOL_MAX',
      ...(deployable.kind === 'functions'
        ? {
            from: { value: '2' },
            doc: 'Connections of one instance, and one more for jobs; there are as many instances as requests at a time.',
          }
        : {
            from: { value: '' },
            doc: 'Connections of one process for requests and consumers; its jobs take five more.',
          }),
      fallback: '10',
    },
  ];
}
