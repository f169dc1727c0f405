import { chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Api, api } from './support/api.ts';
import { load } from './support/load.ts';
import { folder, installation, nodeEnv } from './support/packages.ts';
import { freePorts, processesIn, type Running, run, start, stopAll, succeed } from './support/processes.ts';
import { missing, postgres } from './support/services.ts';
import { create, developmentToken, type GeneratedSystem, generate, httpSuites } from './support/system.ts';
import { until } from './support/wait.ts';

/** A hybrid: two modules share a server on Express, one has its own on Fastify. */
const architecture = `
version: 1
name: shop
stack: { language: node, framework: express, database: postgres, cache: memory, broker: rabbitmq }
modules:
  catalog: { path: modules/catalog, entity: product }
  billing: { path: modules/billing, entity: invoice }
  orders: { path: modules/orders, entity: order, uses: [catalog, billing], consumes: [catalog.product-deleted] }
deployables:
  api: { kind: server, hosts: [catalog, billing] }
  orders: { kind: server, hosts: [orders], framework: fastify }
  gateway: { kind: gateway, public: true }
`;
const ctrlC = '\u0003';
let system: GeneratedSystem;
let data: string;
let port: number;

beforeAll(async () => {
  const file = join(await folder('architecture'), 'architecture.yaml');
  await writeFile(file, architecture);
  system = await generate(await installation(), 'shop', ['--from', file]);
  data = join(system.dir, '.data');
  // Where the tests run as root, PostgreSQL from npm runs as `nobody`.
  await chmod(dirname(system.dir), 0o755);
  port = await freePorts(30);
}, 600_000);
afterEach(stopAll);

const env = (extra: NodeJS.ProcessEnv = {}) =>
  nodeEnv({ TERM: 'xterm', PORT: String(port), RATE_LIMIT_RPS: '0', LOG_LEVEL: 'warn', ...extra });

/** `npm run dev:split` on a terminal, ready; and clients of it. */
async function devSplit(extra: NodeJS.ProcessEnv = {}): Promise<{ terminal: Running; api: Api; token: string }> {
  const command = ['--quiet', '--return', '--command', 'npm run dev:split', '/dev/null'];
  const terminal = start('script', command, { cwd: system.dir, env: env(extra) });
  const url = `http://localhost:${port}`;
  await until('everything is ready', () => terminal.output().includes(`ready: ${url}`), { withinMs: 60_000 }).catch(
    (error: Error) => {
      throw new Error(`${error.message}\n${terminal.output().slice(-4_000)}`);
    },
  );
  const token = await developmentToken(system, env({ DATA_DIR: data }));
  return { terminal, token, api: api({ url, ops: '', opsToken: '', token }) };
}

async function interrupt({ terminal }: { terminal: Running }): Promise<void> {
  terminal.write(ctrlC);
  await terminal.exited;
  expect(await processesIn(system.dir)).toEqual([]);
}

/** What orders saw of the deletion of a product, which another process published. */
async function eventCrosses(client: Api): Promise<void> {
  const [catalog] = system.modules;
  if (!catalog) throw new Error('the system has modules');
  const seen = async () => (await client.get('/orders/activity')).body.counts['catalog.product-deleted'] ?? 0;
  const before = await seen();
  const { id } = await create(system, client, catalog);
  expect((await client.delete(`${catalog.collection}/${id}`)).status).toBe(204);
  await until('orders heard of it', async () => (await seen()) === before + 1);
}

test('without a PostgreSQL it says how to get one, and that works', async () => {
  const { code, output } = await run('node', ['dev/split.ts'], { cwd: system.dir, env: env(), withinMs: 30_000 });
  expect(code).toBe(1);
  const [, command = ''] = /DATABASE_URL, or install one: (npm install .*@[\w.-]+)/.exec(output) ?? [];
  const [program = '', ...args] = command.split(' ');
  await succeed(program, [...args, '--no-audit', '--no-fund'], { cwd: system.dir, env: nodeEnv() });

  const split = await devSplit();
  await httpSuites(system, split.api.url, split.token);
  await eventCrosses(split.api);
  await interrupt(split);
});

test('on a given PostgreSQL, with certificates that are renewed while it runs', async ({ skip }) => {
  const why = missing.postgres();
  if (why) skip(why);
  const database = await postgres();
  await succeed('npm', ['run', 'certificates'], { cwd: system.dir, env: nodeEnv() });
  const split = await devSplit({ DATABASE_URL: database.url });
  const orders = system.modules.find(({ name }) => name === 'orders');
  if (!orders) throw new Error('orders uses others');
  await eventCrosses(split.api);

  // Deployables call each other all the time, and nobody else can.
  const failures: unknown[] = [];
  const clients = load(4, () => create(system, split.api, orders).catch((error) => failures.push(error)));
  const internal = [port + 11, port + 21];
  const before = await Promise.all(internal.map((one) => certificateAt(one)));
  await succeed('npm', ['run', 'certificates'], { cwd: system.dir, env: nodeEnv() });
  await until('both listeners show a new certificate', async () => {
    const now = await Promise.all(internal.map((one) => certificateAt(one)));
    return now.every((serial, index) => serial !== before[index]);
  });
  const renewed = clients.accepted();
  await until('calls after it', () => clients.accepted() > renewed + 20, { withinMs: 60_000 });
  await clients.stop();
  expect(failures).toEqual([]);
  for (const one of internal) await expect(certificateAt(one, false)).rejects.toThrow();
  await interrupt(split);
  await database.process.stop();
});

/** Serial number of the certificate that a listener shows, once it answered a request; `own`: whether we show one too. */
async function certificateAt(at: number, own = true): Promise<string> {
  const file = (name: string) => readFile(join(data, 'certificates', name), 'utf8');
  const [ca, cert, key] = await Promise.all([file('ca.crt'), file('orders.crt'), file('orders.key')]);
  const socket = connect({ host: '127.0.0.1', port: at, ca, ...(own ? { cert, key } : {}) });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let shown: PeerCertificate | undefined;
  socket.once('secureConnect', () => {
    shown = socket.getPeerCertificate();
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  });
  socket.once('data', () => resolve(shown?.serialNumber ?? ''));
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('closed without an answer')));
  return promise.finally(() => socket.destroy());
}
