import { once } from 'node:events';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { urlVariable } from '../../../src/blueprint/names.ts';
import { type Api, api } from './api.ts';
import { folder, nodeEnv, scratch } from './packages.ts';
import { freePort, type Running, start, succeed } from './processes.ts';
import { nginx, type Restartable, rabbitmq, redis, restartablePostgres } from './services.ts';
import { developmentToken, type GeneratedSystem } from './system.ts';
import { until } from './wait.ts';

/** One process of a deployable. */
export interface Instance {
  readonly process: Running;
  /** Its public listener, and with `metric` that of operations. */
  readonly api: Api;
  readonly internalPort: number;
}
/** A system whose deployables run as processes of their own, behind nginx. */
export interface Split {
  readonly system: GeneratedSystem;
  /** Through the gateway. */
  readonly api: Api;
  readonly token: string;
  readonly broker: Restartable;
  readonly database: Restartable;
  /** What every process of a deployable is started with. */
  env(deployable: string): NodeJS.ProcessEnv;
  /** The process of a deployable that was started last. */
  of(deployable: string): Instance;
  /** Starts a process of a deployable at its first address, or at the other one that the gateway knows. */
  start(deployable: string, extra?: NodeJS.ProcessEnv, at?: 'first' | 'other'): Promise<Instance>;
  /** Time that every byte to the internal listener of a deployable is late, ms. */
  delay(deployable: string, ms: number): void;
  stop(): Promise<void>;
}

const opsToken = 'e2e-operations';

/**
 * Starts what Compose would: PostgreSQL with a database for each deployable, RabbitMQ, Redis, every server, and nginx
 * with the generated configuration. Deployables call each other through a proxy that can be slow.
 */
export async function startSplit(system: GeneratedSystem, extra: NodeJS.ProcessEnv = {}): Promise<Split> {
  const { deployables } = parse(await readFile(join(system.dir, 'architecture.yaml'), 'utf8')) as {
    deployables: Record<string, { kind: string; hosts?: string[] }>;
  };
  const servers = Object.entries(deployables).filter(([, { kind }]) => kind === 'server');
  const [database, cache, broker] = await Promise.all([restartablePostgres(), redis(), rabbitmq()]);
  const data = await folder('data');
  const places = new Map<string, { first: number; other: number; internal: number; slow: SlowProxy }>();
  for (const [name] of servers) {
    const internal = await freePort();
    places.set(name, {
      first: await freePort(),
      other: await freePort(),
      internal,
      slow: await slowProxy(internal),
    });
  }
  const place = (name: string) => {
    const found = places.get(name);
    if (!found) throw new Error(`no server ${name}`);
    return found;
  };
  const urls = servers.flatMap(([name, { hosts = [] }]) =>
    hosts.map((module) => [urlVariable(module), `http://127.0.0.1:${place(name).slow.port}`]),
  );
  const databaseOf = (name: string) => name.replaceAll('-', '_');
  for (const [name] of servers)
    await succeed('psql', [database.url, '-qc', `create database "${databaseOf(name)}"`], { cwd: data });
  const env = (name: string) =>
    nodeEnv({
      HOST: '127.0.0.1',
      INTERNAL_PORT: String(place(name).internal),
      OPS_TOKEN: opsToken,
      SERVICE_SECRET: 'a secret that only the tests of this system know',
      RATE_LIMIT_RPS: '0',
      SHUTDOWN_WAIT_MS: '1500',
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: join(scratch, 'compiled'),
      DATA_DIR: data,
      DATABASE_URL: database.url.replace(/[^/]+$/, databaseOf(name)),
      CACHE_URL: cache.url,
      BUS_URL: broker.url,
      ...Object.fromEntries(urls),
      ...extra,
    });
  const instances: Running[] = [];
  const last = new Map<string, Instance>();
  let token = '';
  async function run(
    deployable: string,
    more: NodeJS.ProcessEnv = {},
    at: 'first' | 'other' = 'first',
  ): Promise<Instance> {
    const [port, ops] = [place(deployable)[at], await freePort()];
    // Only one of two processes of a deployable gets calls of others; the other one has a port of its own.
    const internalPort = at === 'first' ? place(deployable).internal : await freePort();
    const own = { PORT: String(port), OPS_PORT: String(ops), INTERNAL_PORT: String(internalPort) };
    const process = start('node', [`deployables/${deployable}/main.ts`], {
      cwd: system.dir,
      env: { ...env(deployable), ...own, ...more },
    });
    instances.push(process);
    const url = `http://127.0.0.1:${port}`;
    await answers(`${deployable} is ready`, `${url}/readyz`, process);
    const instance = {
      process,
      internalPort,
      api: api({ url, ops: `http://127.0.0.1:${ops}`, opsToken, token }),
    };
    last.set(deployable, instance);
    return instance;
  }
  token = await developmentToken(system, nodeEnv({ DATA_DIR: data }));
  await Promise.all(servers.map(([name]) => run(name)));
  const port = await freePort();
  const gateway = await startGateway(system, port, (name) => [place(name).first, place(name).other]);
  const url = `http://127.0.0.1:${port}`;
  await answers('the gateway answers', `${url}/livez`, gateway);
  return {
    system,
    api: api({ url, ops: '', opsToken, token }),
    token,
    broker,
    database,
    env,
    of(deployable) {
      const found = last.get(deployable);
      if (!found) throw new Error(`${deployable} was not started`);
      return found;
    },
    start: run,
    delay: (deployable, ms) => place(deployable).slow.delay(ms),
    async stop() {
      await gateway.stop();
      await Promise.all(instances.map((process) => process.stop()));
      await Promise.all([...places.values()].map(({ slow }) => slow.close()));
      await Promise.all([database.stop(), cache.process.stop(), broker.stop()]);
    },
  };
}

async function answers(what: string, url: string, process: Running): Promise<void> {
  const asked = async () => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).status === 200;
  await until(what, asked, { withinMs: 60_000 }).catch((error: Error) => {
    throw new Error(`${error.message}\n${process.output().slice(-4_000)}`);
  });
}

/** nginx with the generated configuration, on a port of its own, with addresses and folders of this machine. */
async function startGateway(
  { dir }: GeneratedSystem,
  port: number,
  addresses: (deployable: string) => readonly number[],
): Promise<Running> {
  const at = await folder('gateway');
  await chmod(at, 0o755);
  await cp(join(dir, 'deployables/gateway'), at, { recursive: true });
  await succeed('node', ['deployables/gateway/document.ts', join(at, 'public')], { cwd: dir, env: nodeEnv() });
  const edit = async (name: string, change: (text: string) => string) => {
    const file = join(at, name);
    await writeFile(file, change(await readFile(file, 'utf8')));
  };
  await edit('nginx.conf', (text) =>
    text
      .replace('listen 8080;', `listen 127.0.0.1:${port};`)
      .replace('rate=500r/s', 'rate=100000r/s')
      .replaceAll(' /tmp/', ` ${at}/`)
      .replaceAll('/dev/stderr', `${at}/error.log`)
      .replaceAll('/dev/stdout', `${at}/access.log`),
  );
  await edit('addresses.conf', (text) =>
    text
      .replace(/^resolver .*$/m, '')
      .replace(/server ([a-z0-9-]+):\d+ resolve(.*);/g, (_, name: string, rest: string) =>
        addresses(name)
          .map((address) => `server 127.0.0.1:${address}${rest};`)
          .join('\n  '),
      ),
  );
  return start(nginx(), ['-p', at, '-c', join(at, 'nginx.conf'), '-g', 'daemon off;'], { cwd: at });
}

interface SlowProxy {
  readonly port: number;
  delay(ms: number): void;
  close(): void;
}
/** Passes bytes on to `target`, those of requests after a delay. */
async function slowProxy(target: number): Promise<SlowProxy> {
  let delay = 0;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    client.on('data', (chunk) => {
      if (delay === 0) upstream.write(chunk);
      else setTimeout(() => upstream.write(chunk), delay);
    });
    upstream.pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the proxy has no port');
  return {
    port: address.port,
    delay: (ms) => {
      delay = ms;
    },
    close: () => void server.close(),
  };
}
