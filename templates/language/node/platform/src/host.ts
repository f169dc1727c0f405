import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mintDevToken } from './auth/keys.ts';
import { createCache } from './cache/cache.ts';
import { type Config, loadConfig } from './config.ts';
import type { Client, Contract } from './contract.ts';
import {
  type Composition,
  checkComposition,
  closeDeadlineMs,
  jobsOf,
  migrationsOf,
  openCore,
  openDatabaseOf,
  peerEndpoints,
  publicEndpoints,
} from './core.ts';
import { assertMigrated, migrate } from './db/migrate.ts';
import type { Database } from './db/port.ts';
import { createHttpApp, type Endpoint } from './http/app.ts';
import { documents } from './http/docs.ts';
import { metricsEndpoint, probes } from './http/ops.ts';
import type { HttpHost, TlsOptions } from './http/port.ts';
import { openJobQueue } from './jobs/pgboss.ts';
import { createLifecycle, quiet } from './lifecycle.ts';
import { compose, receiverOf } from './module/compose.ts';
import { remoteModules } from './module/peers.ts';
import { createRelay } from './outbox.ts';
import { createLogger } from './telemetry/logger.ts';
import { collectProcessMetrics, createMetrics } from './telemetry/metrics.ts';
import { tracing } from './telemetry/trace.ts';

export { urlVariable } from './config.ts';

/** What a deployable that listens is made of. */
export interface Wiring extends Composition {
  readonly http: HttpHost;
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
      async (server) => {
        await quiet();
        await server.close();
      },
    );
  const ops = await listen('ops', [...probes(lifecycle), metricsEndpoint(metrics, config.OPS_TOKEN)], config.OPS_PORT);
  const prepare = production ? assertMigrated : migrate;
  const core = await openCore(wiring, config, { log, metrics, open, database, prepare, migrate: !production });
  const { bus, queue, relay, inbox, peers, hosted, clients } = core;
  lifecycle.checkReady('database', () => core.database.ping());
  await open(
    'modules',
    async () => {
      for (const module of hosted) {
        const { topics, receive } = receiverOf(module, inbox);
        await bus.subscribe(`${wiring.system}.${module.contract.name}`, topics, receive);
      }
      await queue.start(jobsOf(hosted), true);
      relay.start(bus);
    },
    nothing,
  );
  const endpoints = await open('endpoints', () => publicEndpoints(core, config), nothing);
  const docs = documents(
    wiring.system,
    hosted.map(({ contract }) => contract),
  );
  const api = await listen('http', [...probes(lifecycle), ...docs, ...endpoints], config.PORT);
  const internal =
    peers && (await listen('internal', peerEndpoints(core, peers, config), config.INTERNAL_PORT, peers.tls));
  if (internal) peers.onRenewal(internal.renew);
  started = true;
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT && !tracing()) log.warn({ set: preload }, 'no traces: the preload is missing');
  log.info({ url: api.url, ops: ops.url, database: core.database.kind, modules: Object.keys(clients) }, 'ready');
  return {
    url: api.url,
    opsUrl: ops.url,
    internalUrl: internal?.url,
    clients,
    stop: lifecycle.stop,
    trapSignals: lifecycle.trapSignals,
  };
}

const nothing = () => {};

const usage = 'serve (default) | dev | migrate | token [--sub NAME] [--scope "a:read a:write"] [--hours N]';

/** The program of a deployable: serves, or does one of the commands that its folder's scripts name. */
export async function run(wiring: Wiring, [command = 'serve', ...args] = process.argv.slice(2)): Promise<void> {
  await program(wiring, async () => {
    // Nobody waits for a restart while developing.
    const env = command === 'dev' ? { SHUTDOWN_WAIT_MS: '0', ...process.env } : process.env;
    const serves = command === 'serve' || command === 'dev';
    const config = loadConfig(env, serves ? remoteModules(wiring.modules) : []);
    if (serves) (await createHost(wiring, config)).trapSignals();
    else if (command === 'migrate') await migrateOnly(wiring, config);
    else if (command === 'token') process.stdout.write(`${await token(wiring, config, args)}\n`);
    else throw new Error(`${command} is not a command: ${usage}`);
  });
}

/** The program that migrates for a deployable that has no other. */
export const migrations = (wiring: Composition): Promise<void> =>
  program(wiring, () =>
    migrateOnly(wiring, loadConfig(process.env, [], { always: ['DATABASE_URL'], inProduction: [] })),
  );

/** With the variables of `.env`; an error is one line, and exit code 1. */
async function program({ name }: Composition, work: () => Promise<void>): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    await work();
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

async function migrateOnly(wiring: Composition, config: Config): Promise<void> {
  const log = createLogger(config.LOG_LEVEL, `${wiring.system}/${wiring.name}`);
  const metrics = createMetrics();
  const database = await openDatabaseOf(wiring, config, log, metrics);
  try {
    const files = await migrate(database, migrationsOf(wiring));
    const queue = await openJobQueue({ database, log, metrics, migrate: true });
    // Deployables that do not stay (functions) find the queues and schedules of their modules there.
    const { hosted } = compose(wiring.modules, {
      database,
      outbox: createRelay({ database, log, metrics, attempts: config.EVENT_ATTEMPTS }).outbox,
      log,
      cache: (owner) => createCache({ log, metrics, remote: undefined }).for(owner),
      jobs: (owner) => queue.for(owner),
      remote: () => ({}),
    });
    await queue.start(jobsOf(hosted), false);
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
