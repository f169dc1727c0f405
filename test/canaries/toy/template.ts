import type { Intent, PlannedFile, SystemSpec, Template } from '../../../src/plan/template.ts';

/**
 * Proves that a language is one folder: its platform, its module skeleton, its manifest, its deployable and its adapters
 * are all here, and nothing outside knows it. Not offered to anybody.
 */
export const toy: Template = {
  axis: 'language',
  id: 'toy',
  title: 'Toy',
  why: 'a language that nobody speaks',
  languages: ['toy'],
  provides: ['http'],
  state: (at) => {
    if (at.per === 'system') return [dependency('', 'toy-core', '1.0.0'), check];
    if (at.per === 'module') return at.module.uses.map((used) => dependency(at.module.path, used, '0.0.0'));
    return [];
  },
  files: [
    { per: 'system', from: 'platform', to: 'packages/platform', owner: 'tool' },
    { per: 'module', from: 'module', to: 'modules/{module}', owner: 'team' },
  ],
  print: (system) => ['', ...system.blueprint.modules.map(({ path }) => path)].map((at) => manifest(system, at)),
};

export const toyServer: Template = {
  axis: 'deployable',
  id: 'server',
  title: 'Toy server',
  why: 'serves in Toy',
  languages: ['toy'],
  state: (at) =>
    at.per === 'deployable'
      ? [
          {
            is: 'process',
            deployable: at.deployable.name,
            command: ['toy', 'main.toy'],
            ports: { public: 4000, internal: 4001, ops: 4002 },
          },
          setting(at.deployable.name, 'PORT', { value: '4000' }),
          setting(at.deployable.name, 'OPS_PORT', { value: '4002' }),
        ]
      : [],
  files: [
    { per: 'deployable', from: 'server', to: 'deployables/{deployable}', owner: 'team', when: { kind: 'server' } },
  ],
};

export const toyPostgres: Template = {
  axis: 'database',
  id: 'postgres',
  title: 'PostgreSQL from Toy',
  why: 'the same server, another driver',
  languages: ['toy'],
  provides: ['database'],
  state: (at) => {
    if (at.per === 'deployable') return [setting(at.deployable.name, 'DATABASE_URL', { resource: 'postgres' })];
    return at.per === 'system' ? [server, dependency('', 'toy-pg', '2.0.0')] : [];
  },
};

const dependency = (at: string, name: string, version: string): Intent => ({
  is: 'dependency',
  language: 'toy',
  at,
  name,
  version,
});
const check: Intent = { is: 'job', stage: 'check', id: 'toy-check', run: ['toy check'], resources: [] };
const server: Intent = {
  is: 'resource',
  id: 'postgres',
  image: 'postgres:18',
  port: 5432,
  ready: ['pg_isready'],
  url: 'postgres://app@{host}:{port}/app',
};
const setting = (readBy: string, name: string, from: { value: string } | { resource: string }): Intent => ({
  is: 'setting',
  name,
  readBy,
  secret: false,
  from,
  doc: `${name} of a system in Toy.`,
  fallback: 'none',
});

function manifest(system: SystemSpec, at: string): PlannedFile {
  const own = system.all('dependency').filter(({ language, at: folder }) => language === 'toy' && folder === at);
  const content = own.map(({ name, version }) => `${name} = ${version}\n`).join('');
  return { path: at ? `${at}/toy.pkg` : 'toy.pkg', content, owner: 'shared', from: ['language/toy'] };
}
