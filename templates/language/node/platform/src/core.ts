import { createAuthenticator } from './auth/authenticate.ts';
import { verificationKeys } from './auth/keys.ts';
import { memoryBus } from './bus/memory.ts';
import type { Bus, OpenBus } from './bus/port.ts';
import { createCache } from './cache/cache.ts';
import type { CacheSpace, OpenRemoteCacheTier } from './cache/port.ts';
import { type Config, urlVariable } from './config.ts';
import { openDatabase } from './db/database.ts';
import { createIdempotencyStore } from './db/idempotency.ts';
import type { MigrationSource } from './db/migrate.ts';
import type { Database, OpenDriver } from './db/port.ts';
import type { Endpoint } from './http/app.ts';
import { operationEndpoint } from './http/dispatcher.ts';
import { internalEndpoints } from './http/internal.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { createInbox } from './inbox.ts';
import { openJobQueue } from './jobs/pgboss.ts';
import type { JobDefinition } from './jobs/port.ts';
import type { Lifecycle } from './lifecycle.ts';
import { compose, type Hosted } from './module/compose.ts';
import { openPeers, type Peers, remoteModules } from './module/peers.ts';
import { type Module, schemaOf } from './module.ts';
import { createRelay } from './outbox.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What every kind of deployable is made of; `wiring.gen.ts` prints it from `architecture.yaml`. */
export interface Composition {
  readonly system: string;
  readonly name: string;
  /** Other deployables of the system. */
  readonly peers: readonly string[];
  readonly modules: readonly Module[];
  readonly databases: { readonly pglite?: OpenDriver; readonly postgres: OpenDriver };
  /** Adapters by the scheme of the URL that selects them. */
  readonly caches: Readonly<Record<string, OpenRemoteCacheTier>>;
  readonly buses: Readonly<Record<string, OpenBus>>;
}
export interface CoreOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly open: Lifecycle['open'];
  /** One that the caller keeps open. */
  readonly database?: Database | undefined;
  /** Brings the schema up to date, or throws where it is not. */
  readonly prepare: (database: Database, sources: readonly MigrationSource[]) => Promise<unknown>;
  /** Whether pg-boss may make and update its own schema. */
  readonly migrate: boolean;
  /** Called when a change has committed that left an event or a job: only processes that do not look by themselves need it. */
  readonly onWork?: () => void;
}
export type Core = Awaited<ReturnType<typeof openCore>>;

/** Time for what is in hand when everything closes; container platforms kill after 30 s by default. */
export const closeDeadlineMs = 20_000;

/** Opens what modules build on, and creates the modules; what was opened last closes first. Nothing comes in yet. */
export async function openCore(wiring: Composition, config: Config, options: CoreOptions) {
  const { log, metrics, open, prepare, onWork } = options;
  const { system, name } = wiring;
  const database =
    options.database ?? (await open('database', () => openDatabaseOf(wiring, config, log, metrics), close));
  await open<unknown>('schema', () => prepare(database, migrationsOf(wiring)), nothing);
  const cache = await open('cache', () => openCache(wiring, config, log, metrics), close);
  const bus = await open('bus', () => openBus(wiring, config, log, metrics), close);
  const queue = await open(
    'jobs',
    () => openJobQueue({ database, log, metrics, migrate: options.migrate, ...(onWork ? { onWork } : {}) }),
    (part) => part.stop(closeDeadlineMs),
  );
  const relay = await open(
    'outbox',
    () => createRelay({ database, log, metrics, attempts: config.EVENT_ATTEMPTS, ...(onWork ? { onWork } : {}) }),
    (part) => part.stop(),
  );
  const inbox = createInbox(metrics);
  const peers =
    wiring.peers.length === 0
      ? undefined
      : await open('peers', () => openPeers({ system, name, config, log, metrics }), close);
  const { hosted, clients } = compose(wiring.modules, {
    database,
    outbox: relay.outbox,
    log,
    cache: (owner) => cache.for(owner),
    jobs: (owner) => queue.for(owner),
    remote: peers?.client,
  });
  return { log, metrics, database, bus, queue, relay, inbox, peers, hosted, clients };
}

/** The operations of the hosted modules, for clients. */
export async function publicEndpoints({ hosted, database, metrics, log }: Core, config: Config): Promise<Endpoint[]> {
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, RATE_LIMIT_RPS: rps, RATE_LIMIT_BURST: burst } = config;
  const { REQUEST_TIMEOUT_MS: timeoutMs } = config;
  const services = {
    authenticate: createAuthenticator({ issuer, audience, keys: await verificationKeys(config), metrics }),
    limit: createRateLimit({ rps, burst, metrics }),
    idempotency: createIdempotencyStore(database, { timeoutMs, log }),
    timeoutMs,
  };
  return hosted.flatMap(({ contract, parts }) =>
    Object.entries(contract.operations).map(([key, operation]) =>
      operationEndpoint(operation, parts.operations[key] as never, services),
    ),
  );
}

/** The operations of the hosted modules, for other deployables. */
export const peerEndpoints = (
  { hosted }: Core,
  { tokens }: Peers,
  { REQUEST_TIMEOUT_MS: timeoutMs }: Config,
): Endpoint[] =>
  hosted.flatMap(({ contract, parts }) => internalEndpoints(contract, parts.operations, { tokens, timeoutMs }));

/** Jobs by the name of their module. */
export const jobsOf = (hosted: readonly Hosted[]): Readonly<Record<string, readonly JobDefinition[]>> =>
  Object.fromEntries(hosted.map(({ contract, jobs }) => [contract.name, jobs]));

export const migrationsOf = ({ modules }: Composition): MigrationSource[] =>
  modules.map((module) => ({ schema: schemaOf(module), folder: module.migrations }));

const close = (part: { close(): unknown }): unknown => part.close();
const nothing = () => {};

/** Throws, naming the variable, where this deployable cannot work as it is wired. */
export function checkComposition({ name, peers, modules }: Composition, config: Config): void {
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

export function openDatabaseOf(
  { databases }: Composition,
  config: Config,
  log: Logger,
  metrics: Metrics,
): Promise<Database> {
  return openDatabase(databases, {
    url: config.DATABASE_URL,
    readUrl: config.DATABASE_READ_URL,
    directUrl: config.DATABASE_DIRECT_URL,
    dataDir: config.DATA_DIR,
    production: config.NODE_ENV === 'production',
    poolMax: config.DATABASE_POOL_MAX,
    statementTimeoutMs: config.REQUEST_TIMEOUT_MS,
    log,
    metrics,
  });
}

function openCache({ caches }: Composition, { CACHE_URL: url }: Config, log: Logger, metrics: Metrics): CacheSpace {
  return createCache({ log, metrics, remote: url ? { url, open: adapterOf('CACHE_URL', url, caches) } : undefined });
}

function openBus({ buses, system }: Composition, config: Config, log: Logger, metrics: Metrics): Bus | Promise<Bus> {
  const { BUS_URL: url, EVENT_ATTEMPTS: attempts } = config;
  return url ? adapterOf('BUS_URL', url, buses)(url, { log, metrics, system, attempts }) : memoryBus();
}
