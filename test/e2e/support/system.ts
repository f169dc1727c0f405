import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { camel, pluralOf } from '../../../src/blueprint/names.ts';
import { type Api, api } from './api.ts';
import { folder, nodeEnv, program, scratch } from './packages.ts';
import { freePort, type Running, start, succeed } from './processes.ts';
import { until } from './wait.ts';

export interface SystemModule {
  readonly name: string;
  readonly entity: string;
  /** Path of the collection, `/catalog/products`. */
  readonly collection: string;
  readonly uses: readonly string[];
  readonly consumes: readonly string[];
}
export interface GeneratedSystem {
  readonly name: string;
  readonly dir: string;
  /** The program that runs every module in one process, relative to `dir`. */
  readonly main: string;
  /** In dependency order. */
  readonly modules: readonly SystemModule[];
}

/** Generates a system with the packed generator and installs it; proves nothing yet. */
export async function generate(
  installation: string,
  name: string,
  args: readonly string[] = [],
): Promise<GeneratedSystem> {
  const cwd = await folder('system');
  const create = program(installation, 'create-scalable-backend');
  await succeed(create, [name, '--yes', '--skip-prove', ...args], { cwd, env: nodeEnv(), withinMs: 300_000 });
  return describeSystem(join(cwd, name));
}

interface File {
  name: string;
  modules: Record<string, { entity: string; uses?: string[]; consumes?: string[] }>;
}
export async function describeSystem(dir: string): Promise<GeneratedSystem> {
  const { name, modules } = parse(await readFile(join(dir, 'architecture.yaml'), 'utf8')) as File;
  const list = Object.entries(modules).map(([module, { entity, uses = [], consumes = [] }]) => ({
    name: module,
    entity,
    collection: `/${module}/${pluralOf(entity)}`,
    uses,
    consumes,
  }));
  const ordered: SystemModule[] = [];
  while (ordered.length < list.length) {
    const next = list.find(
      (one) => !ordered.includes(one) && one.uses.every((used) => ordered.some((done) => done.name === used)),
    );
    if (!next) throw new Error(`${dir}: the modules use each other in a circle`);
    ordered.push(next);
  }
  const composed = 'dev/main.ts';
  const main = existsSync(join(dir, composed)) ? composed : 'deployables/api/main.ts';
  return { name, dir, main, modules: ordered };
}

export interface Served {
  readonly process: Running;
  readonly api: Api;
  readonly env: NodeJS.ProcessEnv;
}

const opsToken = 'e2e-operations';
/** Settings of every start: own ports and data, no rate limit, a short wait at shutdown, code that is compiled once. */
export async function settings(extra: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const [port, ops] = [await freePort(), await freePort()];
  return nodeEnv({
    HOST: '127.0.0.1',
    PORT: String(port),
    OPS_PORT: String(ops),
    OPS_TOKEN: opsToken,
    RATE_LIMIT_RPS: '0',
    SHUTDOWN_WAIT_MS: '300',
    LOG_LEVEL: 'warn',
    NODE_COMPILE_CACHE: join(scratch, 'compiled'),
    DATA_DIR: extra.DATA_DIR ?? (await folder('data')),
    ...extra,
  });
}

/** Starts every module in one process, as an image does, and waits until it is ready. */
export async function serve(system: GeneratedSystem, env: NodeJS.ProcessEnv, token?: string): Promise<Served> {
  const process = start('node', [system.main], { cwd: system.dir, env });
  const url = `http://127.0.0.1:${env.PORT}`;
  let exit: string | undefined;
  process.exited.then(
    ({ code, signal, output }) => (exit = `ended (${signal ?? code}) before it was ready:\n${output.slice(-4_000)}`),
  );
  await until(
    `${system.name} is ready`,
    async () => {
      if (exit) return 'ended';
      return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).status === 200;
    },
    { withinMs: 60_000 },
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${process.output().slice(-4_000)}`);
  });
  if (exit) throw new Error(exit);
  const ops = `http://127.0.0.1:${env.OPS_PORT}`;
  return { process, env, api: api({ url, ops, opsToken, token: token ?? (await developmentToken(system, env)) }) };
}

/** A token of the development issuer with every scope of the system. */
export async function developmentToken(
  { dir, main, modules }: GeneratedSystem,
  env: NodeJS.ProcessEnv,
  scopes = modules.flatMap(({ name }) => [`${name}:read`, `${name}:write`]),
): Promise<string> {
  const args = [main, 'token', '--sub', 'e2e', '--scope', scopes.join(' ')];
  const { output } = await succeed('node', args, { cwd: dir, env: { ...env, LOG_LEVEL: 'silent' } });
  const token = /\b[\w-]+\.[\w-]+\.[\w-]{20,}\b/.exec(output)?.[0];
  if (!token) throw new Error(`no token in:\n${output}`);
  return token;
}

/** Runs the HTTP suites that the system itself has against an address. */
export async function httpSuites({ dir }: GeneratedSystem, url: string, token: string): Promise<void> {
  const env = nodeEnv({ BASE_URL: url, TOKEN: token });
  const { output } = await succeed('npx', ['vitest', 'run', 'tests/http'], { cwd: dir, env, withinMs: 180_000 });
  if (!/Test Files .*passed/.test(output)) throw new Error(`no suite ran:\n${output}`);
}

/** The body that creates an entity; entities that it refers to are created first. */
export async function newEntity(
  system: GeneratedSystem,
  api: Api,
  module: SystemModule,
): Promise<Record<string, unknown>> {
  const references: [string, unknown][] = [];
  for (const used of system.modules.filter(({ name }) => module.uses.includes(name))) {
    const { id } = await create(system, api, used);
    references.push([`${camel(used.entity)}Id`, id]);
  }
  return { name: `${module.entity} ${randomUUID()}`, quantity: 3, ...Object.fromEntries(references) };
}
export async function create(system: GeneratedSystem, api: Api, module: SystemModule) {
  const body = await newEntity(system, api, module);
  const answer = await api.post(module.collection, body, { 'idempotency-key': randomUUID() });
  if (answer.status !== 201)
    throw new Error(`POST ${module.collection}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as { id: string; version: number; name: string; indexedAt: string | null };
}
