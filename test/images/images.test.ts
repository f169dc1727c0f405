import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { api } from '../e2e/support/api.ts';
import { activity } from '../e2e/support/flow.ts';
import { issuer } from '../e2e/support/issuer.ts';
import { installation } from '../e2e/support/packages.ts';
import { freePort, type Running, stopAll, succeed } from '../e2e/support/processes.ts';
import { debian, missing as missingService, postgres, rabbitmq, redis } from '../e2e/support/services.ts';
import { create, type GeneratedSystem, generate } from '../e2e/support/system.ts';
import { until } from '../e2e/support/wait.ts';
import { bases, isBase } from './support/bases.ts';
import { type Built, composed, environmentOf } from './support/composed.ts';
import { build, container, missing, podman, removeAll, userOf } from './support/containers.ts';

const gatewayPort = 8080;
const opsToken = 'images-operations';
const why =
  (await missing()) ??
  missingService.postgres() ??
  missingService.redis() ??
  missingService.rabbitmq() ??
  (await taken(gatewayPort));

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  if (why) return;
  await removeAll(isBase);
  for (const end of ends.splice(0).reverse()) await end();
  await stopAll();
}, 60_000);

describe.each(['monolith', 'microservices', 'hybrid'])('images of style %s', (style) => {
  test('are built as written, serve with what Compose gives them, and stop when asked', async ({ skip }) => {
    if (why) skip(why);
    const system = await generate(await installation(), style, ['--style', style]);
    const { built, resources } = await composed(system.dir);
    const migrations = built.filter(({ command }) => command.at(-1) === 'migrate');
    const servers = built.filter((one) => !migrations.includes(one) && one.command[0] === 'node');
    const gateway = built.find(({ command }) => command[0] === 'nginx');
    const image = ({ dockerfile }: Built) => `localhost/${style}/${dockerfile.split('/').at(-2)}:built`;

    const base = await bases();
    for (const one of [...servers, ...(gateway ? [gateway] : [])]) {
      await build(system.dir, join(system.dir, one.dockerfile), image(one), base);
    }

    const ports = new Map<string, Record<'PORT' | 'INTERNAL_PORT' | 'OPS_PORT', string>>();
    for (const { name } of servers) {
      const [port, internal, ops] = [await freePort(), await freePort(), await freePort()].map(String);
      ports.set(name, { PORT: port!, INTERNAL_PORT: internal!, OPS_PORT: ops! });
    }
    const addresses = {
      ...(await started(resources, servers)),
      ...Object.fromEntries([...ports].map(([name, own]) => [name, `127.0.0.1:${own.INTERNAL_PORT}`])),
    };
    const identity = await issuer();
    ends.push(identity.close);
    const values = {
      AUTH_ISSUER: identity.issuer,
      AUTH_AUDIENCE: 'shop',
      AUTH_JWKS_URL: identity.jwksUrl,
      OPS_TOKEN: opsToken,
      SERVICE_SECRET: 'for-tests-'.repeat(4),
      POSTGRES_PASSWORD: '',
      RABBITMQ_DEFAULT_PASS: '',
      HOST: '127.0.0.1',
      SHUTDOWN_WAIT_MS: '300',
    };
    const env = (one: Built) => environmentOf(one, { ...values, ...ports.get(one.name) }, addresses);

    for (const one of migrations) {
      const { code, output } = await container(`${style}-${one.name}`, image(one), { ...one, env: env(one) }).exited;
      expect(code, output).toBe(0);
    }
    const running = new Map<Built, Running>();
    for (const one of servers)
      running.set(one, container(`${style}-${one.name}`, image(one), { ...one, env: env(one) }));
    for (const one of servers) await ready(`http://127.0.0.1:${ports.get(one.name)?.PORT}`, running.get(one)!);
    if (gateway) {
      const files = { '/etc/nginx/addresses.conf': await addressesHere(system, gateway, ports) };
      running.set(gateway, container(`${style}-gateway`, image(gateway), { ...gateway, files }));
      await ready(`http://127.0.0.1:${gatewayPort}`, running.get(gateway)!);
    }

    for (const one of running.keys()) {
      await podman(['healthcheck', 'run', `${style}-${one.name}`]);
      expect(await userOf(`${style}-${one.name}`), `user of ${one.name}`).toBe(one === gateway ? 101 : 1000);
    }
    const port = gateway ? gatewayPort : ports.get(servers[0]!.name)?.PORT;
    const scope = system.modules.flatMap(({ name }) => [`${name}:read`, `${name}:write`]).join(' ');
    const token = identity.token({ iss: identity.issuer, aud: 'shop', sub: 'images', scope });
    await use(system, api({ url: `http://127.0.0.1:${port}`, ops: '', opsToken, token }));

    for (const [{ name }, process] of [...running].reverse()) {
      const { code, output } = await process.stop();
      expect(code, `${name} after SIGTERM:\n${output.slice(-2_000)}`).toBe(0);
    }
  });
});

/** What a client sees: every module answers, refuses, calls the modules that it uses, and hears their events. */
async function use(system: GeneratedSystem, client: ReturnType<typeof api>): Promise<void> {
  expect((await client.get('/openapi.json')).body.openapi).toMatch(/^3\.1/);
  for (const module of system.modules) {
    const { id } = await create(system, client, module);
    const path = `${module.collection}/${id}`;
    expect((await client.get(path)).status).toBe(200);
    expect((await client.get(path, { authorization: '' })).status).toBe(401);
    expect((await client.delete(path)).status).toBe(204);
    const topic = `${module.name}.${module.entity}-deleted`;
    for (const consumer of system.modules.filter(({ consumes }) => consumes.includes(topic))) {
      await until(`${consumer.name} heard ${topic}`, async () => {
        const counts = await activity({ api: client }, consumer.name);
        return (counts[topic] ?? 0) >= 1;
      });
    }
  }
}

/** The servers that these services of Compose stand for, on this machine: where each answers, by name. */
async function started(resources: readonly string[], servers: readonly Built[]): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  if (resources.includes('postgres')) {
    const { url, process } = await postgres();
    ends.push(() => process.stop());
    const { host, username, hostname, port } = new URL(url);
    answers.postgres = `${username}@${host}`;
    for (const { environment } of servers) {
      const database = environment.DATABASE_URL?.split('/').at(-1) ?? '';
      const args = ['-h', hostname, '-p', port, '-U', username, database];
      await succeed(join(debian[0] ?? '', 'createdb'), args, { cwd: tmpdir() });
    }
  }
  if (resources.includes('redis')) {
    const { url, process } = await redis();
    ends.push(() => process.stop());
    answers.redis = new URL(url).host;
  }
  if (resources.includes('rabbitmq')) {
    const broker = await rabbitmq();
    ends.push(broker.stop);
    answers.rabbitmq = new URL(broker.url).host;
  }
  return answers;
}

/** The printed file with the addresses of this machine in place of the names that Docker resolves. */
async function addressesHere(
  { dir }: GeneratedSystem,
  gateway: Built,
  ports: ReadonlyMap<string, { readonly PORT: string }>,
): Promise<string> {
  const printed = await readFile(join(dir, gateway.dockerfile, '..', 'addresses.conf'), 'utf8');
  const text = printed
    .replace(/^resolver .*$/m, '')
    .replace(/server ([\w-]+):\d+ resolve/g, (_, name: string) => `server 127.0.0.1:${ports.get(name)?.PORT}`);
  const folder = await mkdtemp(join(tmpdir(), 'create-scalable-backend-addresses-'));
  ends.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'addresses.conf'), text);
  return join(folder, 'addresses.conf');
}

async function ready(url: string, process: Running): Promise<void> {
  let ended: string | undefined;
  process.exited.then(({ code, output }) => (ended = `ended (${code}): ${output.slice(-4_000)}`));
  const answers = async () => ended ?? (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  await until(`${url}/readyz`, answers, { withinMs: 60_000 }).catch((error: Error) => {
    throw new Error(`${error.message}\n${process.output().slice(-4_000)}`);
  });
  if (ended) throw new Error(ended);
}

async function taken(port: number): Promise<string | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  server.close();
  return free ? undefined : `needs port ${port} of this machine`;
}
