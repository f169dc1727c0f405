import type { Intent, Template } from '../../../src/plan/template.ts';

const platform = 'packages/platform';
const packages: Readonly<Record<string, string>> = { '@electric-sql/pglite': '0.5.16', pg: '8.23.1' };

export const postgres: Template = {
  axis: 'database',
  id: 'postgres',
  title: 'PostgreSQL',
  why: 'embedded as PGlite while developing, a server in production: the same SQL in both',
  languages: ['node'],
  provides: ['database', 'jobs'],
  state: (at) => {
    if (at.per === 'system') return [server, ...nodeIntents];
    return at.per === 'deployable' && at.deployable.kind !== 'gateway' ? settingsOf(at.deployable.name) : [];
  },
  files: [
    { per: 'system', from: 'node/platform', to: `${platform}/src/db`, owner: 'tool', when: { language: 'node' } },
  ],
};

const server: Intent = {
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
  url: 'postgres://app:{POSTGRES_PASSWORD}@{host}:{port}/app',
  memoryMb: 512,
};

const nodeIntents: readonly Intent[] = [
  ...Object.entries(packages).map(
    ([name, version]): Intent => ({ is: 'dependency', language: 'node', at: platform, name, version }),
  ),
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

function settingsOf(readBy: string): Intent[] {
  const setting = { is: 'setting', readBy, secret: false } as const;
  return [
    {
      ...setting,
      name: 'DATABASE_URL',
      secret: true,
      from: { resource: 'postgres' },
      doc: 'PostgreSQL: postgres://user:password@host/name.',
      fallback: 'an embedded database in DATA_DIR',
    },
    {
      ...setting,
      name: 'DATABASE_POOL_MAX',
      from: { value: '' },
      doc: 'Connections of one process for requests and consumers; its jobs take five more.',
      fallback: '10',
    },
  ];
}
