import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blueprint, file, intents, onDisk, planted, printed, systems } from './support/printed.ts';
import { run, tool } from './support/tool.ts';

const path = 'deploy/compose/compose.yaml';
const schema = tool('check-jsonschema', ['--version'], 'pip install check-jsonschema');
const docker = tool('docker', ['compose', 'version'], 'install the compose plugin of Docker');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly { readonly target: number; readonly host_ip: string; readonly published: string }[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly volumes?: readonly string[];
  readonly deploy: { readonly resources: { readonly limits: object } };
  readonly security_opt: readonly string[];
}
/** What dclint answers; its own declarations do not resolve in ESM. */
interface Linted {
  readonly messages: readonly { readonly rule: string; readonly message: string }[];
}
const services = (text: string): Readonly<Record<string, Service>> => parse(text).services;

async function lint(text: string): Promise<readonly string[]> {
  const root = await onDisk({ 'compose.yaml': text });
  const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
  const results: readonly Linted[] = linter.lintFiles([join(root, 'compose.yaml')], false);
  return results.flatMap(({ messages }) => messages.map(({ rule, message }) => `${rule}: ${message}`));
}

describe.each(Object.entries(systems))('compose.yaml of %s', (_, system) => {
  test('has nothing that dclint would say', async () => {
    expect(await lint(file(printed(system()), path))).toEqual([]);
  });

  test('has a reason for every published port, on one address', () => {
    const of = system();
    const published = Object.entries(services(file(printed(of), path))).flatMap(([name, { ports = [] }]) =>
      ports.map(({ target, host_ip }) => `${name}:${target} on ${host_ip}`),
    );
    const browsed = intents(of, 'resource').filter(({ browse }) => browse);
    expect(published.sort()).toEqual(
      [
        ...of.deployables
          .filter((one) => one.public)
          .map(({ name }) => `${name}:3000 on $\{PUBLIC_ADDRESS:-127.0.0.1}`),
        ...browsed.map(({ id, port }) => `${id}:${port} on 127.0.0.1`),
      ].sort(),
    );
  });

  test('starts a deployable after its migration and its resources', () => {
    const of = system();
    const all = services(file(printed(of), path));
    for (const { name } of of.deployables) {
      const waits = Object.entries(all[name]?.depends_on ?? {}).map(([id, { condition }]) => `${id} ${condition}`);
      expect(waits).toContain(`${name}-migrate service_completed_successfully`);
      for (const id of resourcesOf(of, name)) expect(waits).toContain(`${id} service_healthy`);
      expect(all[`${name}-migrate`]).toMatchObject({ build: all[name]?.build, restart: 'no' });
    }
  });

  test('gives a deployable every setting that it reads', () => {
    const of = system();
    const all = services(file(printed(of), path));
    for (const { name } of of.deployables) {
      const read = intents(of, 'setting').filter(({ readBy }) => readBy === name);
      expect(Object.keys(all[name]?.environment ?? {})).toEqual(read.map((setting) => setting.name).sort());
    }
  });

  test('limits, probes and hardens every service', () => {
    for (const [name, service] of Object.entries(services(file(printed(system()), path)))) {
      expect(service.deploy.resources.limits, name).toMatchObject({
        memory: expect.any(String),
        cpus: expect.any(String),
      });
      expect(service.security_opt, name).toContain('no-new-privileges:true');
      if (service.build) expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true });
      else expect(service.image, name).toMatch(/:v?\d/);
      const once = service.restart === 'no';
      expect(service.healthcheck, name).toMatchObject(once ? { disable: true } : { test: expect.any(Array) });
    }
  });

  test('holds no secret, and .env.example explains every variable', () => {
    const of = system();
    const files = printed(of);
    const text = file(files, path);
    const example = file(files, 'deploy/compose/.env.example');
    const substituted = new Set([...text.matchAll(/\$\{([A-Z_0-9]+)/g)].map(([, name]) => name));
    const passed = Object.values(services(text)).flatMap(({ environment = {} }) =>
      Object.entries(environment).flatMap(([name, value]) => (value === null ? [name] : [])),
    );
    const inFiles = Object.values<{ environment: string }>(parse(text).secrets ?? {}).map(
      ({ environment }) => environment,
    );
    const explained = [...example.matchAll(/^(?:# )?([A-Z_0-9]+)=/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual([...new Set([...substituted, ...passed, ...inFiles])].sort());

    const given = intents(of, 'setting').filter(({ secret, from }) => secret && 'value' in from);
    const [asked, offered] = [true, false].map((required) =>
      given.filter(({ fallback }) => (fallback === undefined) === required).map(({ name }) => name),
    ) as [string[], string[]];
    const secrets = [...intents(of, 'resource').flatMap(({ secrets = {} }) => Object.keys(secrets)), ...asked];
    for (const name of secrets) {
      expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
      for (const { environment = {} } of Object.values(services(text)))
        if (name in environment) expect(environment[name]).toMatch(/^\$\{[A-Z_0-9]+:\?/);
    }
    for (const name of offered)
      for (const { environment = {} } of Object.values(services(text)))
        if (name in environment) expect(environment[name]).toBeNull();
  });
});

const resourcesOf = (of: ReturnType<typeof blueprint>, reader: string): readonly string[] =>
  intents(of, 'setting').flatMap(({ readBy, from }) =>
    readBy === reader && 'resource' in from ? [from.resource] : [],
  );

test.each([
  ['an unknown key', /depends_on/, 'depend_on', 'invalid-schema'],
  ['a wrong condition', 'service_healthy', 'service_health', 'invalid-schema'],
  ['an image without a version', /image: postgres:\S+/, 'image: postgres', 'service-image-require-explicit-tag'],
  ['a port on every address', /host_ip: "127.0.0.1"/, 'host_ip: ""', 'no-unbound-port-interfaces'],
])('dclint sees %s', async (_, from, to, rule) => {
  const broken = planted(file(printed(blueprint()), path), from, to);
  expect((await lint(broken)).join('\n')).toContain(rule);
});

test('init.ts writes a private .env once, and later adds only what it lacks', async () => {
  const files = printed(blueprint());
  const root = await onDisk(files);
  const at = join(root, 'deploy/compose/.env');
  const init = () => spawnSync(process.execPath, [join(root, 'deploy/compose/init.ts')], { encoding: 'utf8' });
  expect(init()).toMatchObject({ status: 0, stdout: 'Wrote deploy/compose/.env with fresh secrets.\n' });
  expect(statSync(at).mode & 0o777).toBe(0o600);
  const first = readFileSync(at, 'utf8');
  expect(first).toMatch(/^POSTGRES_PASSWORD=[0-9a-f]{48}$/m);
  expect(first).toMatch(/^NODE_ENV=development$/m);
  expect(first).not.toMatch(/^\w+=$/m);

  expect(init()).toMatchObject({ status: 0, stdout: '' });
  expect(readFileSync(at, 'utf8')).toBe(first);

  const edited = planted(first, /^OPS_TOKEN=.*$/m, '').replace(/^NODE_ENV=.*$/m, 'NODE_ENV=production');
  writeFileSync(at, edited);
  expect(init()).toMatchObject({ status: 0, stdout: 'Added OPS_TOKEN to deploy/compose/.env.\n' });
  const second = readFileSync(at, 'utf8');
  expect(second.startsWith(edited.trimEnd())).toBe(true);
  expect(second).toMatch(/^OPS_TOKEN=[0-9a-f]{48}$/m);
});

describe.skipIf(schema.absent)(`compose specification${schema.note}`, () => {
  const check = async (text: string) => {
    const root = await onDisk({ 'compose.yaml': text });
    return run(schema.command, ['--builtin-schema', 'vendor.compose-spec', 'compose.yaml'], root);
  };
  test('accepts the file', async () => {
    expect(await check(file(printed(blueprint()), path))).toMatchObject({ code: 0 });
  });
  test('refuses a wrong type', async () => {
    const broken = planted(file(printed(blueprint()), path), 'read_only: true', 'read_only: [sometimes]');
    expect(await check(broken)).toMatchObject({ code: 1, output: expect.stringContaining('read_only') });
  });
});

describe.skipIf(docker.absent)(`docker compose config${docker.note}`, () => {
  const config = (root: string) =>
    run(docker.command, ['compose', '--file', join(root, path), 'config', '--format', 'json'], root);

  test('names the variable that is missing, and where it belongs', async () => {
    const { code, output } = await config(await onDisk(printed(blueprint())));
    expect(code).not.toBe(0);
    expect(output).toContain('not set in deploy/compose/.env; npm run up creates it');
  });

  test('resolves the file that init.ts completed', async () => {
    const root = await onDisk(printed(blueprint()));
    expect(spawnSync(process.execPath, [join(root, 'deploy/compose/init.ts')]).status).toBe(0);
    const { code, output } = await config(root);
    expect({ code, output }).toMatchObject({ code: 0 });
    const { environment } = JSON.parse(output).services.api;
    expect(environment.NODE_ENV).toBe('development');
    expect(environment.DATABASE_URL).toMatch(/^postgres:\/\/app:[0-9a-f]{48}@postgres:5432\/app$/);
    expect(environment.AUTH_ISSUER ?? null).toBeNull();
  });
});
