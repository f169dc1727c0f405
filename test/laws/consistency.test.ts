import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { urlVariable } from '../../src/blueprint/names.ts';
import type { Blueprint } from '../../src/blueprint/schema.ts';
import { specOf } from '../../src/plan/plan.ts';
import type { SystemSpec } from '../../src/plan/template.ts';
import { blueprintOf, catalogue, combinations, graphs, monoliths, planOf, release } from '../support/blueprints.ts';

/**
 * What a deployable reads is provided in every target, and nothing provided is unread. Printed files are parsed back;
 * intents are only the list of what was meant.
 */
interface Printed {
  readonly blueprint: Blueprint;
  readonly system: SystemSpec;
  readonly text: (path: string) => string | undefined;
  readonly paths: readonly string[];
}
const printed = (blueprint: Blueprint): Printed => {
  const files = new Map(planOf(blueprint).map(({ path, content }) => [path, content]));
  return {
    blueprint,
    system: specOf(blueprint, catalogue, release).system,
    text: (path) => {
      const content = files.get(path);
      return typeof content === 'string' ? content : undefined;
    },
    paths: [...files.keys()],
  };
};
const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly { readonly source: string }[];
  readonly ports?: readonly { readonly target: number }[];
  readonly command?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: object;
  readonly secrets?: object;
}
const composeOf = ({ text }: Printed) => {
  const source = text('deploy/compose/compose.yaml');
  return source === undefined ? undefined : { source, ...(parse(source) as Compose) };
};
/** Names in an env file, commented ones too. */
const namesIn = (source: string) =>
  sorted([...source.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]!));
const settingsOf = ({ system }: Printed, reader: string) =>
  sorted(
    system
      .all('setting')
      .filter(({ readBy }) => readBy === reader)
      .map(({ name }) => name),
  );

type Place = readonly [place: string, host: string, port: string];

interface Discovery {
  readonly names: readonly string[];
  readonly port: number;
}
function scrapeTargets(source: string): Place[] {
  const { scrape_configs: jobs } = parse(source) as {
    scrape_configs: readonly { readonly dns_sd_configs: readonly Discovery[] }[];
  };
  return jobs.flatMap((job) =>
    job.dns_sd_configs.flatMap(({ names, port }) =>
      names.map((name): Place => [`${name}:${port}`, name, String(port)]),
    ),
  );
}

function compose(given: Printed): void {
  const file = composeOf(given);
  if (!given.blueprint.delivery.deploy.includes('compose')) {
    expect(file).toBeUndefined();
    return;
  }
  const { services, source } = file!;
  const { system, blueprint } = given;
  for (const { name, kind, hosts, public: open } of blueprint.deployables) {
    if (kind === 'functions') continue;
    const built = Object.entries(services).filter(
      ([, { build }]) => build?.dockerfile === `deployables/${name}/Dockerfile`,
    );
    expect(built.map(([id]) => id)).toContain(name);
    for (const [, service] of built)
      expect(sorted(Object.keys(service.environment ?? {}))).toEqual(settingsOf(given, name));
    const process = system.all('process').find(({ deployable }) => deployable === name)!;
    const { environment = {}, ports = [] } = services[name]!;
    expect(ports.map(({ target }) => target)).toEqual(open ? [process.ports.public] : []);
    if (hosts.length === 0) continue;
    expect(environment.PORT).toBe(String(process.ports.public));
    expect(environment.OPS_PORT).toBe(String(process.ports.ops));
  }
  for (const { id, image } of system.all('resource')) expect(services[id]?.image, id).toBe(image);
  const meant = [...system.all('resource'), ...system.all('process')].map((one) =>
    'id' in one ? one.id : one.deployable,
  );
  const stray = Object.entries(services).filter(([id, { build }]) => !meant.includes(id) && !build);
  expect(stray.map(([id]) => id)).toEqual([]);

  // Every host that a variable or a scrape target names is a service that listens there.
  const listens = new Map<string, readonly number[]>([
    ...system.all('resource').map(({ id, port }) => [id, [port]] as const),
    ...system.all('process').map(({ deployable, ports }) => [deployable, Object.values(ports)] as const),
  ]);
  const urls = Object.values(services).flatMap(({ environment = {} }) =>
    Object.values(environment).flatMap((value): Place[] => {
      const [place, host, port] = /^[a-z]+:\/\/(?:.*@)?([a-z0-9-]+):(\d+)/.exec(value ?? '') ?? [];
      return place && host && port ? [[place, host, port]] : [];
    }),
  );
  const prometheus = given.text('observability/prometheus/prometheus.yml');
  const scraped = prometheus ? scrapeTargets(prometheus) : [];
  for (const [place, host, port] of [...urls, ...scraped]) expect(listens.get(host), place).toContain(Number(port));
  if (prometheus)
    expect(scraped.map(([, host]) => host)).toEqual(
      expect.arrayContaining(blueprint.deployables.filter(({ kind }) => kind === 'server').map(({ name }) => name)),
    );

  // Variables of the file are in its env file, and the env file has no other.
  const asked = [...source.matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map((match) => match[1]!);
  const passed = Object.values(services).flatMap(({ environment = {} }) =>
    Object.entries(environment).flatMap(([name, value]) => (value === null ? [name] : [])),
  );
  const secrets = [...source.matchAll(/^ {4}environment: ([A-Z][A-Z0-9_]*)$/gm)].map((match) => match[1]!);
  expect(namesIn(given.text('deploy/compose/.env.example')!)).toEqual(sorted([...asked, ...passed, ...secrets]));

  const all = Object.values(services);
  for (const needed of all.flatMap(({ depends_on = {} }) => Object.keys(depends_on)))
    expect(services).toHaveProperty(needed);
  const volumes = all.flatMap(({ volumes: used = [] }) => used.map((volume) => volume.split(':')[0]!));
  expect(sorted(volumes.filter((volume) => !volume.startsWith('.')))).toEqual(sorted(Object.keys(file!.volumes ?? {})));
  for (const mount of volumes.filter((volume) => volume.startsWith('../../')))
    expect(
      given.paths.some((path) => path.startsWith(`${mount.slice(6)}/`) || path === mount.slice(6)),
      mount,
    ).toBe(true);
  expect(sorted(all.flatMap(({ secrets: used = [] }) => used.map((secret) => secret.source)))).toEqual(
    sorted(Object.keys(file!.secrets ?? {})),
  );
}

interface Job {
  readonly services?: Readonly<Record<string, { readonly image: string; readonly ports: readonly string[] }>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string }[];
  readonly needs?: readonly string[];
}
interface Sam {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Globals: {
    readonly Function: { readonly Environment: { readonly Variables: Readonly<Record<string, string>> } };
  };
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: SamFunction }>>;
}
interface SamFunction {
  readonly CodeUri: string;
  readonly Handler: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}
function samTemplate(given: Printed): void {
  const source = given.text('template.yaml');
  const sets = given.blueprint.deployables.filter(({ kind }) => kind === 'functions');
  expect(source !== undefined).toBe(sets.length > 0);
  if (source === undefined) return;
  const { Parameters, Globals, Resources } = parse(source, { logLevel: 'silent' }) as Sam;
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Serverless::Function');
  const shared = Globals.Function.Environment.Variables;
  for (const { name, path } of sets) {
    const own = functions.map(({ Properties }) => Properties).filter(({ CodeUri }) => CodeUri === `${path}/dist/`);
    const meant = given.system.all('function').filter(({ deployable }) => deployable === name);
    expect(own.map(({ Handler }) => Handler)).toEqual(meant.map(({ handler }) => `functions.${handler}`));
    const exported = /export const \{ (.*) \}/.exec(given.text(`${path}/functions.ts`)!)![1]!.split(', ');
    for (const { handler } of meant) expect(exported).toContain(handler);
    for (const { Environment } of own) {
      const all = { ...shared, ...Environment.Variables };
      const { NODE_OPTIONS: _, ...read } = all;
      expect(sorted(Object.keys(read)), name).toEqual(settingsOf(given, name));
      // Nothing secret is written down.
      for (const { secret, name: variable } of given.system.all('setting').filter(({ readBy }) => readBy === name))
        if (secret) expect(all[variable]).toMatch(/^\{\{resolve:secretsmanager:/);
    }
  }
  // Every reference leads to a parameter or a resource, and every parameter is used.
  const made = [...Object.keys(Resources), ...functions.flatMap(() => [])];
  const references = [...source.matchAll(/!Ref ([\w:]+)|!GetAtt (\w+)\.|\$\{(\w[\w:]*)\}/g)].map(
    ([, ref, att, sub]) => ref ?? att ?? sub ?? '',
  );
  for (const id of references.filter((id) => !id.startsWith('AWS::')))
    expect([...made, ...made.map((resource) => `${resource}Url`), ...Object.keys(Parameters)]).toContain(id);
  for (const parameter of Object.keys(Parameters)) expect(references).toContain(parameter);
}

function workflow(given: Printed): void {
  const source = given.text('.github/workflows/ci.yml');
  if (given.blueprint.delivery.ci !== 'github-actions') {
    expect(source).toBeUndefined();
    return;
  }
  const { jobs } = parse(source!) as { jobs: Readonly<Record<string, Job>> };
  const { system } = given;
  const meant = system.all('job').filter(({ stage }) => stage !== 'deploy');
  const readers = given.blueprint.deployables.map(({ name }) => name);
  const read = system.all('setting').filter(({ readBy }) => readers.includes(readBy));
  const everything = read.flatMap(({ from }) => ('resource' in from ? [from.resource] : []));
  expect(sorted(Object.keys(jobs))).toEqual(sorted(meant.map(({ id }) => id)));
  for (const { id, run, resources: needed } of meant) {
    const resources = needed.includes('*') ? everything : needed;
    const job = jobs[id]!;
    const services = Object.entries(job.services ?? {});
    expect(sorted(services.map(([name]) => name))).toEqual(sorted(resources));
    for (const [name, service] of services)
      expect(service.image).toBe(system.all('resource').find((resource) => resource.id === name)?.image);
    const published = services.flatMap(([, service]) => service.ports.map((port) => port.split(':')[0]!));
    for (const value of Object.values(job.env ?? {})) {
      const port = /:\/\/(?:[^@]*@)?(?:127\.0\.0\.1|localhost):(\d+)/.exec(value)?.[1];
      if (port) expect(published).toContain(port);
    }
    const names = read.map(({ name }) => name);
    for (const name of Object.keys(job.env ?? {})) expect(names, `${id} sets ${name}`).toContain(name);
    for (const resource of resources) {
      const pointing = read.filter(({ from }) => 'resource' in from && from.resource === resource);
      expect(Object.keys(job.env ?? {}), id).toEqual(expect.arrayContaining(sorted(pointing.map(({ name }) => name))));
    }
    expect(job.steps.flatMap((step) => step.run ?? [])).toEqual(expect.arrayContaining([...run]));
    for (const earlier of job.needs ?? []) expect(jobs).toHaveProperty(earlier);
  }
  scriptsExist(given, source!);
}

/** `npm run x` in any printed text is a script of the manifest. */
function scriptsExist(given: Printed, source: string): void {
  const { scripts } = JSON.parse(given.text('package.json')!) as { scripts: Record<string, string> };
  for (const [, name] of source.matchAll(/\bnpm (?:run )?(?:--\S+ )*(test|start|(?<=run )[a-z][a-z:-]*)/g))
    expect(Object.keys(scripts), source.slice(0, 40)).toContain(name);
  for (const command of Object.values(scripts))
    for (const [, file] of command.matchAll(/(?:^|\s)((?:[\w@.-]+\/)+[\w.-]+\.(?:ts|mjs|yaml))\b/g))
      expect(given.paths, command).toContain(file);
}

function environment(given: Printed): void {
  const example = given.text('.env.example')!;
  const readers = given.blueprint.deployables.map(({ name }) => name);
  expect(namesIn(example)).toEqual(sorted(readers.flatMap((reader) => settingsOf(given, reader))));
  for (const { name, from } of given.system.all('setting')) {
    if ('resource' in from)
      expect(
        given.system.all('resource').map(({ id }) => id),
        name,
      ).toContain(from.resource);
  }
}

/** Variables that the platform reads, whichever templates are chosen. */
const readByPlatform = (given: Printed) => {
  const declared = /Type\.Object\(\{([\s\S]*?)\n\}\);/.exec(given.text('packages/platform/src/config.ts')!)![1]!;
  return sorted([...declared.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map((match) => match[1]!));
};
/** Adapters that no template offers yet, or that this system did not choose. */
const optional = new Set(['WORK_QUEUE_URL', 'BUS_URL', 'CACHE_URL', 'DATABASE_URL', 'DATABASE_POOL_MAX']);
/** What is read only where other deployables host modules. */
const betweenPeers = [
  'INTERNAL_PORT',
  'INTERNAL_TLS_CA',
  'INTERNAL_TLS_CERT',
  'INTERNAL_TLS_KEY',
  'REMOTE_TIMEOUT_MS',
  'SERVICE_SECRET',
];

/** What functions do not read: nothing listens there, and of a secret they read every part or fail. */
const ofServers = [
  'DATABASE_DIRECT_URL',
  'DATABASE_READ_URL',
  'DATA_DIR',
  'HOST',
  'INTERNAL_PORT',
  'INTERNAL_TLS_CA',
  'INTERNAL_TLS_CERT',
  'INTERNAL_TLS_KEY',
  'OPS_PORT',
  'OPS_TOKEN',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'PORT',
  'SHUTDOWN_WAIT_MS',
];

function code(given: Printed): void {
  const read = readByPlatform(given);
  const { deployables, modules } = given.blueprint;
  const hosting = deployables.filter(({ hosts }) => hosts.length > 0);
  for (const { name, kind, hosts } of hosting) {
    const stated = settingsOf(given, name);
    const called = modules.filter((module) => hosts.includes(module.name)).flatMap(({ uses }) => uses);
    const urls = called.filter((module) => !hosts.includes(module)).map((module) => urlVariable(module));
    expect(stated.filter((variable) => !read.includes(variable))).toEqual(sorted(urls));
    const unread = read.filter((variable) => !stated.includes(variable) && !optional.has(variable));
    const notHere = [...(hosting.length > 1 ? [] : betweenPeers), ...(kind === 'functions' ? ofServers : [])];
    expect(unread).toEqual(sorted(notHere));
  }
  // Nobody reads the environment beside the platform's configuration.
  const direct = given.paths
    .filter((path) => /^(modules|deployables)\/.*\.ts$/.test(path) && !/\.test\.ts$/.test(path))
    .filter((path) => /process\.env/.test(given.text(path) ?? ''));
  expect(direct).toEqual([]);
  for (const { file, symbol, language } of given.system.all('adapter')) {
    if (language !== 'node') continue;
    expect(given.text(`packages/platform/src/${file}`), file).toMatch(
      new RegExp(`export (const|function|async function) ${symbol}\\b`),
    );
  }
  for (const { path, kind } of hosting) {
    const wiring = given.text(`${path}/wiring.gen.ts`)!;
    for (const { symbol, port, scheme } of given.system.all('adapter'))
      if (kind !== 'functions' || (port !== 'http' && scheme === 'sns')) expect(wiring).toContain(symbol);
  }
}

/** Packages that a manifest names are imported or run, and imports are of packages that a manifest names. */
function packages(given: Printed): void {
  const folders = given.paths.filter((path) => path.endsWith('/package.json')).map((path) => path.slice(0, -13));
  for (const folder of folders) {
    const manifest = JSON.parse(given.text(`${folder}/package.json`)!) as Record<
      'dependencies' | 'devDependencies',
      object
    >;
    const named = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    const sources = given.paths.filter((path) => path.startsWith(`${folder}/`) && /\.m?ts$/.test(path));
    const production = sources.filter((path) => !/\.test\.ts$/.test(path));
    const imported = sorted(
      production.flatMap((path) =>
        [...given.text(path)!.matchAll(/(?:from |import |import\()'((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'/g)].map(
          (match) => match[1]!,
        ),
      ),
    ).filter((name) => name !== JSON.parse(given.text(`${folder}/package.json`)!).name);
    expect(
      imported.filter((name) => !named.includes(name) && name !== 'vitest'),
      folder,
    ).toEqual([]);
    const used = named.filter((name) => !name.startsWith('@types/'));
    expect(
      used.filter((name) => !imported.includes(name)),
      `${folder} names what it does not import`,
    ).toEqual([]);
  }
}

describe.each(graphs)('every target provides what is read, and nothing else: $id', (graph) => {
  it.each(combinations)('$title', (combination) => {
    const given = printed(blueprintOf(combination, graph));
    for (const check of [compose, samTemplate, workflow, environment, code, packages]) check(given);
    scriptsExist(given, given.text('README.md')!);
  });
});

describe('the law sees', () => {
  const everything = monoliths.filter(({ choices }) => choices.cache === 'redis' && choices.ci === 'github-actions');
  const complete = printed(blueprintOf(everything.at(-1)!, graphs[1]!));
  const composeFile = 'deploy/compose/compose.yaml';
  it.each<[string, (given: Printed) => void, string, (text: string) => string]>([
    ['a setting that a target forgets', compose, composeFile, (text) => text.replace(/^ +CACHE_URL: .*\n/m, '')],
    [
      'a setting that nobody reads',
      compose,
      composeFile,
      (text) => text.replace(/^( +)CACHE_URL: /m, '$1EXTRA: x\n$&'),
    ],
    ['a resource that is missing', compose, composeFile, (text) => text.replace(/^ {2}redis:$/m, '  valkey:')],
    ['a port where nothing listens', compose, composeFile, (text) => text.replaceAll('redis:6379', 'redis:6380')],
    ['another image', compose, composeFile, (text) => text.replace('redis:7.4', 'redis:6')],
    ['a secret that nobody asks for', compose, 'deploy/compose/.env.example', (text) => `${text}OLD_SECRET=\n`],
    [
      'a service that the pipeline lacks',
      workflow,
      '.github/workflows/ci.yml',
      (text) => text.replace(/^ {6}redis:$/m, '      other:'),
    ],
    [
      'a script that does not exist',
      workflow,
      '.github/workflows/ci.yml',
      (text) => text.replace('npm run arch', 'npm run architecture'),
    ],
    ['an example without a variable', environment, '.env.example', (text) => text.replace(/^# CACHE_URL=.*\n/m, '')],
    [
      'a variable that nobody states',
      code,
      'packages/platform/src/config.ts',
      (text) => text.replace('  LOG_LEVEL:', '  NEW_ONE: x,\n  LOG_LEVEL:'),
    ],
    [
      'a package that nobody imports',
      packages,
      'modules/catalog/package.json',
      (text) => text.replace('"dependencies": {', '"dependencies": { "left-pad": "1.0.0",'),
    ],
  ])('%s', (_, check, path, change) => {
    const before = complete.text(path)!;
    expect(change(before)).not.toBe(before);
    const changed: Printed = { ...complete, text: (at) => (at === path ? change(before) : complete.text(at)) };
    expect(() => check(complete)).not.toThrow();
    expect(() => check(changed)).toThrow();
  });
});
