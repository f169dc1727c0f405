import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { express } from '../templates/framework/express/template.ts';
import { fastify } from '../templates/framework/fastify/template.ts';
import { platformIntents } from '../templates/language/node/platform.intents.ts';
import { type Bench, median, type Row } from './bench.ts';

/** Many short rounds that alternate: a noisy second meets all servers alike, and the median forgives the worst of them. */
const rounds = 151;
const requests = 2_000;
/** Until the optimising compiler has seen enough. */
const warmUp = 40_000;
const connections = 16;
const root = join(import.meta.dirname, '..');
const path = '/catalog/products/5f0c8c1e-2f6b-4c5e-9d0a-7d6f6f3a1b2c';

const bareServer = `
import { fastify } from 'fastify';
import { product, serve } from './shared.ts';
const app = fastify();
app.get('/catalog/products/:id', async () => product);
await serve(await app.listen({ port: 0, host: '127.0.0.1' }));
`;
const fullServer = (framework: 'express' | 'fastify') => `
import { createAuthenticator } from './src/auth/authenticate.ts';
import { mintDevToken, verificationKeys } from './src/auth/keys.ts';
import { loadConfig } from './src/config.ts';
import { defineContract, operation, Type } from './src/contract.ts';
import { createHttpApp } from './src/http/app.ts';
import { operationEndpoint } from './src/http/dispatcher.ts';
import { ${framework}Http } from './src/http/${framework}.ts';
import { createRateLimit } from './src/http/rate-limit.ts';
import { createLogger } from './src/telemetry/logger.ts';
import { createMetrics } from './src/telemetry/metrics.ts';
import { product, serve } from './shared.ts';

const config = loadConfig({ DATA_DIR: './data' });
const id = Type.String({ format: 'uuid' });
const time = Type.String({ format: 'date-time' });
const output = Type.Object({
  id,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  quantity: Type.Integer({ minimum: 0 }),
  indexedAt: Type.Union([time, Type.Null()]),
  version: Type.Integer(),
  createdAt: time,
  updatedAt: time,
});
const contract = defineContract('catalog', {
  operations: {
    getProduct: operation({
      method: 'GET', path: '/products/{id}', summary: 'Get.', scope: 'catalog:read', input: Type.Object({ id }), output,
    }),
  },
});
const metrics = createMetrics();
const services = {
  authenticate: createAuthenticator({ issuer: config.AUTH_ISSUER, audience: config.AUTH_AUDIENCE, keys: await verificationKeys(config), metrics }),
  limit: createRateLimit({ rps: 1e6, burst: 1e6, metrics }),
  idempotency: { once: async () => 'mismatch' as const },
  timeoutMs: config.REQUEST_TIMEOUT_MS,
};
const app = createHttpApp({
  endpoints: [operationEndpoint(contract.operations.getProduct, (async () => product) as never, services)],
  log: createLogger('info', 'api'),
  metrics,
  draining: () => false,
});
const host = ${framework}Http(app, { bodyLimitBytes: 1e6, requestTimeoutMs: 10_000, keepAliveTimeoutMs: 60_000 });
const token = await mintDevToken(config, { subject: 'bench', scopes: ['catalog:read'] });
await serve(await host.listen(0, '127.0.0.1'), token);
`;
const shared = `
export const product = {
  id: '5f0c8c1e-2f6b-4c5e-9d0a-7d6f6f3a1b2c', name: 'Lamp', quantity: 7, indexedAt: null, version: 3,
  createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z',
};
export async function serve(url: string, token = '') {
  process.on('message', () => process.send!(process.cpuUsage()));
  process.send!({ url, token });
}
`;

interface Server {
  readonly name: string;
  readonly process: ChildProcess;
  readonly port: number;
  readonly request: string;
}
const answerOf = <T>(child: ChildProcess) =>
  new Promise<T>((resolve) => child.once('message', (data) => resolve(data as T)));

async function start(folder: string, name: string): Promise<Server> {
  const stdout = openSync(join(folder, `${name}.log`), 'w');
  const child = fork(join(folder, `${name}.ts`), { cwd: folder, stdio: ['ignore', stdout, 'inherit', 'ipc'] });
  const { url, token } = await answerOf<{ url: string; token: string }>(child);
  const request = `GET ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n\r\n`;
  return { name, process: child, port: Number(new URL(url).port), request };
}

/** Server CPU per request, in µs. Answers all have the same length, so bytes count them. */
async function measure({ process: child, port, request }: Server, count: number): Promise<number> {
  const usage = async () => {
    const answer = answerOf<NodeJS.CpuUsage>(child);
    child.send('cpu');
    const { user, system } = await answer;
    return user + system;
  };
  const before = await usage();
  const each = Math.ceil(count / connections);
  await Promise.all(Array.from({ length: connections }, () => exchange(port, request, each)));
  return ((await usage()) - before) / (each * connections);
}

function exchange(port: number, request: string, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let [sent, length, received] = [1, 0, 0];
    const socket = connect(port, '127.0.0.1', () => socket.write(request)).on('error', reject);
    socket.setNoDelay().on('data', (chunk) => {
      if (length === 0 && !chunk.toString().startsWith('HTTP/1.1 200')) reject(new Error(chunk.toString()));
      length ||= chunk.length;
      received += chunk.length;
      if (received < sent * length) return;
      if (sent === count) socket.end(resolve);
      else socket.write(request);
      sent++;
    });
  });
}

function assemble(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'http-cost-')));
  cpSync(join(root, 'templates/language/node/platform/src'), join(folder, 'src'), { recursive: true });
  const intents = [...platformIntents('.')];
  for (const template of [fastify, express]) {
    cpSync(join(root, 'templates/framework', template.id, 'node'), join(folder, 'src/http'), { recursive: true });
    intents.push(...(template.state?.({ per: 'system' }, {} as never) ?? []));
  }
  const dependencies = Object.fromEntries(
    intents.flatMap((intent) => (intent.is === 'dependency' ? [[intent.name, intent.version]] : [])),
  );
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const servers = { bare: bareServer, full: fullServer('fastify'), express: fullServer('express') };
  for (const [name, text] of Object.entries({ ...servers, shared })) {
    writeFileSync(join(folder, `${name}.ts`), text);
  }
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
  return folder;
}

async function run(): Promise<readonly Row[]> {
  const folder = assemble();
  const servers = [await start(folder, 'bare'), await start(folder, 'full'), await start(folder, 'express')] as const;
  const [bare, full, express] = servers;
  try {
    for (const server of servers) await measure(server, warmUp);
    const all: { bare: number; full: number; express: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      all.push({
        bare: await measure(bare, requests),
        full: await measure(full, requests),
        express: await measure(express, requests),
      });
    }
    type Round = (typeof all)[number];
    const row = (name: string, unit: Row['unit'], of: (round: Round) => number, limit?: number): Row => {
      const values = all.map(of);
      return {
        name,
        unit,
        value: median(values),
        spread: [Math.min(...values), Math.max(...values)],
        ...(limit === undefined ? {} : { limit }),
      };
    };
    return [
      row('bare Fastify, server CPU per request', 'us', (round) => round.bare),
      row('full stack, server CPU per request', 'us', (round) => round.full),
      row('full stack over bare', 'x', (round) => round.full / round.bare, 2),
      row('full stack on Express, server CPU per request', 'us', (round) => round.express),
      row('full stack on Express over Fastify', 'x', (round) => round.express / round.full),
    ];
  } finally {
    for (const { process: child } of servers) child.kill();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Server CPU per request of what a generated system does for each (token, rate limit, validation, headers, log line,
 * metrics, trace) over a bare Fastify that answers the same value, both under the same client.
 */
export const bench: Bench = { title: 'What a request costs in a generated system', run };
