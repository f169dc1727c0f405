import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createAuthenticator } from './auth/authenticate.ts';
import { mintDevToken, verificationKeys } from './auth/keys.ts';
import { memoryBus } from './bus/memory.ts';
import type { Bus, OpenBus } from './bus/port.ts';
import { createCache } from './cache/cache.ts';
import type { CacheSpace, OpenRemoteCacheTier } from './cache/port.ts';
import { type Config, loadConfig, urlVariable } from './config.ts';
import type { Client, Contract } from './contract.ts';
import { openDatabase } from './db/database.ts';
import { createIdempotencyStore } from './db/idempotency.ts';
import { assertMigrated, migrate } from './db/migrate.ts';
import type { Database, OpenDriver } from './db/port.ts';
import { createHttpApp, type Endpoint } from './http/app.ts';
import { operationEndpoint } from './http/dispatcher.ts';
import { documents } from './http/docs.ts';
import { internalEndpoints } from './http/internal.ts';
import { metricsEndpoint, probes } from './http/ops.ts';
import type { HttpHost, TlsOptions } from './http/port.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { createInbox } from './inbox.ts';
import { openJobQueue } from './jobs/pgboss.ts';
import { createLifecycle } from './lifecycle.ts';
import { compose, type Hosted, receiverOf } from './module/compose.ts';
import { openPeers, type Peers, remoteModules } from './module/peers.ts';
import { type Module, schemaOf } from './module.ts';
import { createRelay } from './outbox.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { collectProcessMetrics, createMetrics, type Metrics } from './telemetry/metrics.ts';
import { tracing } from './telemetry/trace.ts';

/** What a deployable is made of; `wiring.gen.ts` prints it from `architecture.yaml`. */
export interface Wiring {
  readonly system: string;
  readonly name: string;
  /** Other deployables of the system. */
  readonly peers: readonly string[];
  readonly modules: readonly Module[];
  readonly http: HttpHost;
  readonly databases: { readonly pglite: OpenDriver; readonly postgres: OpenDriver };
  /** Adapters by the scheme of the URL that selects them. */
  readonly caches: Readonly<Record<string, OpenRemoteCacheTier>>;
  readonly buses: Readonly<Record<string, OpenBus>>;
}
export interface Host {
  readonly url: string;
  readonly opsUrl: string;
  /** Where other deployables call the hosted modules; undefined where there are none. */
  readonly internalUrl: string | undefined;
  /** Clients of the hosted modules, as other modules get them. */
  readonly clients: Readonly<Record<string, Client<Contract>>>;
  stop(): Promise<void>;
  trapSignals(): void;
}

/** Time for closing everything after SHUTDOWN_WAIT_MS; container platforms kill after 30 s by default. */
const closeDeadlineMs = 20_000;
/** More than the idle time of common load balancers (60 s): they close first, and never send into a closed connection. */
const keepAliveTimeoutMs = 65_000;

/** What makes traces: it has to be there before the first import. */
const preload = `NODE_OPTIONS=--import=${new URL('telemetry/otel.mjs', import.meta.url).pathname}`;

/** Starts everything of a deployable; what was opened last closes first. `database`: one that the caller keeps open. */
export async function createHost(wiring: Wiring, config: Config, database?: Database): Promise<Host> {
  checkComposition(wiring, config);
  const log = createLogger(config.LOG_LEVEL, `${wiring.system}/${wiring.name}`);
  const metrics = createMetrics();
  collectProcessMetrics(metrics);
  const lifecycle = createLifecycle({ log, waitMs: config.SHUTDOWN_WAIT_MS, deadlineMs: closeDeadlineMs });
  const { open } = lifecycle;
  const production = config.NODE_ENV === 'production';
  let started = false;
  lifecycle.checkReady('started', async () => started || Promise.reject());

  const listen = (name: string, endpoints: readonly Endpoint[], port: number, tls?: TlsOptions) =>
    open(
      name,
      async () => {
        const app = createHttpApp({ endpoints, log, metrics, draining: lifecycle.draining });
        const { BODY_LIMIT_BYTES: bodyLimitBytes, REQUEST_TIMEOUT_MS: requestTimeoutMs } = config;
        const server = wiring.http(app, { bodyLimitBytes, requestTimeoutMs, keepAliveTimeoutMs, tls });
        return { ...server, url: await server.listen(port, config.HOST) };
      },
      (server) => server.close(),
    );
  const ops = await listen('ops', [...probes(lifecycle), metricsEndpoint(metrics, config.OPS_TOKEN)], config.OPS_PORT);
  const db = database ?? (await open('database', () => openDatabaseOf(wiring, config, log, metrics), close));
  lifecycle.checkReady('database', () => db.ping());
  await open<unknown>('schema', () => (production ? assertMigrated : migrate)(db, migrationsOf(wiring)), nothing);
  const cache = await open('cache', () => openCache(wiring, config, log, metrics), close);
  const bus = await open('bus', () => openBus(wiring, config, log, metrics), close);
  const queue = await open(
    'jobs',
    () => openJobQueue({ database: db, log, metrics, migrate: !production }),
    (part) => part.stop(closeDeadlineMs),
  );
  const relay = await open(
    'outbox',
    () => createRelay({ database: db, log, metrics, attempts: config.EVENT_ATTEMPTS }),
    (part) => part.stop(),
  );
  const inbox = createInbox(metrics);
  const { system, name } = wiring;
  const peers =
    wiring.peers.length === 0
      ? undefined
      : await open('peers', () => openPeers({ system, name, config, log, metrics }), close);
  const { hosted, clients } = compose(wiring.modules, {
    database: db,
    outbox: relay.outbox,
    log,
    cache: (owner) => cache.for(owner),
    jobs: (owner) => queue.for(owner),
    remote: peers?.client,
  });
  await open(
    'modules',
    async () => {
      for (const module of hosted) {
        const { topics, receive } = receiverOf(module, inbox);
        await bus.subscribe(`${wiring.system}.${module.contract.name}`, topics, receive);
      }
      await queue.start(Object.fromEntries(hosted.map((module) => [module.contract.name, module.jobs])), true);
      relay.start(bus);
    },
    nothing,
  );
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, RATE_LIMIT_RPS: rps, RATE_LIMIT_BURST: burst } = config;
  const keys = await open('keys', () => verificationKeys(config), nothing);
  const services = {
    authenticate: createAuthenticator({ issuer, audience, keys, metrics }),
    limit: createRateLimit({ rps, burst, metrics }),
    idempotency: createIdempotencyStore(db),
    timeoutMs: config.REQUEST_TIMEOUT_MS,
  };
  const endpoints = hosted.flatMap(({ contract, parts }) =>
    Object.entries(contract.operations).map(([key, operation]) =>
      operationEndpoint(operation, parts.operations[key] as never, services),
    ),
  );
  const docs = documents(
    wiring.system,
    hosted.map(({ contract }) => contract),
  );
  const api = await listen('http', [...probes(lifecycle), ...docs, ...endpoints], config.PORT);
  const internal =
    peers && (await listen('internal', internalOf(hosted, peers, config), config.INTERNAL_PORT, peers.tls));
  if (internal) peers.onRenewal(internal.renew);
  started = true;
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT && !tracing()) log.warn({ set: preload }, 'no traces: the preload is missing');
  log.info({ url: api.url, ops: ops.url, database: db.kind, modules: Object.keys(clients) }, 'ready');
  return {
    url: api.url,
    opsUrl: ops.url,
    internalUrl: internal?.url,
    clients,
    stop: lifecycle.stop,
    trapSignals: lifecycle.trapSignals,
  };
}

const close = (part: { close(): unknown }): unknown => part.close();
const nothing = () => {};
const migrationsOf = ({ modules }: Wiring) =>
  modules.map((module) => ({ schema: schemaOf(module), folder: module.migrations }));

const internalOf = (hosted: readonly Hosted[], { tokens }: Peers, { REQUEST_TIMEOUT_MS: timeoutMs }: Config) =>
  hosted.flatMap(({ contract, parts }) => internalEndpoints(contract, parts.operations, { tokens, timeoutMs }));

/** Throws, naming the variable, where this deployable cannot work as it is wired. */
function checkComposition({ name, peers, modules }: Wiring, config: Config): void {
  if (config.NODE_ENV === 'production' && peers.length > 0 && !config.BUS_URL)
    throw new Error(`BUS_URL: is required: events in memory would never reach ${peers.join(', ')}`);
  for (const remote of remoteModules(modules)) {
    if (!config.remotes[remote])
      throw new Error(`${urlVariable(remote)}: is required: ${name} calls ${remote} and does not host it`);
  }
}

function adapterOf<A>(variable: string, url: string, adapters: Readonly<Record<string, A>>): A {
  const scheme = url.slice(0, url.indexOf(':'));
  const found = adapters[scheme] ?? adapters[scheme.replace(/s$/, '')];
  if (found) return found;
  throw new Error(`${variable}: ${scheme} has no adapter here; there is ${Object.keys(adapters).join(', ') || 'none'}`);
}

function openDatabaseOf({ databases }: Wiring, config: Config, log: Logger, metrics: Metrics): Promise<Database> {
  return openDatabase(databases, {
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    production: config.NODE_ENV === 'production',
    poolMax: config.DATABASE_POOL_MAX,
    statementTimeoutMs: config.REQUEST_TIMEOUT_MS,
    log,
    metrics,
  });
}

function openCache({ caches }: Wiring, { CACHE_URL: url }: Config, log: Logger, metrics: Metrics): CacheSpace {
  return createCache({ log, metrics, remote: url ? { url, open: adapterOf('CACHE_URL', url, caches) } : undefined });
}

function openBus({ buses, system }: Wiring, config: Config, log: Logger, metrics: Metrics): Bus | Promise<Bus> {
  const { BUS_URL: url, EVENT_ATTEMPTS: attempts } = config;
  return url ? adapterOf('BUS_URL', url, buses)(url, { log, metrics, system, attempts }) : memoryBus();
}

const usage = 'serve (default) | dev | migrate | token [--sub NAME] [--scope "a:read a:write"] [--hours N]';

/** The program of a deployable: serves, or does one of the commands that its folder's scripts name. */
export async function run(wiring: Wiring, [command = 'serve', ...args] = process.argv.slice(2)): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    // Nobody waits for a restart while developing.
    const env = command === 'dev' ? { SHUTDOWN_WAIT_MS: '0', ...process.env } : process.env;
    const serves = command === 'serve' || command === 'dev';
    const config = loadConfig(env, serves ? remoteModules(wiring.modules) : []);
    if (serves) (await createHost(wiring, config)).trapSignals();
    else if (command === 'migrate') await migrateOnly(wiring, config);
    else if (command === 'token') process.stdout.write(`${await token(wiring, config, args)}\n`);
    else throw new Error(`${command} is not a command: ${usage}`);
  } catch (error) {
    process.stderr.write(`${wiring.name}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

async function migrateOnly(wiring: Wiring, config: Config): Promise<void> {
  const log = createLogger(config.LOG_LEVEL, `${wiring.system}/${wiring.name}`);
  const metrics = createMetrics();
  const database = await openDatabaseOf(wiring, config, log, metrics);
  try {
    const files = await migrate(database, migrationsOf(wiring));
    const queue = await openJobQueue({ database, log, metrics, migrate: true });
    await queue.stop(1_000);
    log.info({ files }, files.length > 0 ? 'migrated' : 'nothing to migrate');
  } finally {
    await database.close();
  }
}

/** A development token, by default for everything that the hosted modules ask for. */
function token({ modules }: Wiring, config: Config, args: string[]): Promise<string> {
  const all = modules.flatMap(({ contract }) =>
    Object.values((contract as Contract).operations).map(({ scope }) => scope),
  );
  const options = { sub: { type: 'string' }, scope: { type: 'string' }, hours: { type: 'string' } } as const;
  const { sub = 'developer', scope, hours = '12' } = parseArgs({ args, options }).values;
  return mintDevToken(config, { subject: sub, scopes: scope?.split(' ') ?? [...new Set(all)], hours: Number(hours) });
}
