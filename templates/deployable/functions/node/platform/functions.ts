import { loadConfig } from '../config.ts';
import type { Contract } from '../contract.ts';
import {
  type Composition,
  checkComposition,
  closeDeadlineMs,
  jobsOf,
  openCore,
  peerEndpoints,
  publicEndpoints,
} from '../core.ts';
import { createHttpApp, type Endpoint } from '../http/app.ts';
import { documents } from '../http/docs.ts';
import { probes } from '../http/ops.ts';
import { createLifecycle } from '../lifecycle.ts';
import { receiverOf } from '../module/compose.ts';
import { remoteModules } from '../module/peers.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { lambdaEvents } from './events.ts';
import { lambdaHttp } from './http.ts';
import { createWake } from './wake.ts';

/** What a set of functions is made of; `wiring.gen.ts` prints it from `architecture.yaml`. */
export interface FunctionsWiring extends Composition {
  /** Contracts that `/docs` and `/openapi.json` describe: of all modules in the set that answers there. */
  readonly contracts: readonly Contract[];
}
/** What Lambda tells about an invocation. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** What functions cannot do without. There is no stand-in, because nothing in an instance outlives it. */
const required = ['DATABASE_URL', 'BUS_URL', 'WORK_QUEUE_URL'] as const;
const requiredInProduction = ['AUTH_ISSUER', 'AUTH_JWKS_URL'] as const;
/** Time of the `work` function for what it has begun when it takes nothing new any more. */
const reserveMs = 75_000;

/**
 * The functions of a deployable. Everything is opened here, once for each instance and before its first event; handlers
 * only use it. What a change leaves to do (events to publish, jobs) is done by `work`, which every change wakes.
 */
export async function createFunctions(wiring: FunctionsWiring, env: NodeJS.ProcessEnv = process.env) {
  const config = loadConfig(env, remoteModules(wiring.modules), {
    always: required,
    inProduction: requiredInProduction,
  });
  checkComposition(wiring, config);
  const log = createLogger(config.LOG_LEVEL, `${wiring.system}/${wiring.name}`);
  const metrics = createMetrics();
  const lifecycle = createLifecycle({ log, waitMs: 0, deadlineMs: closeDeadlineMs });
  let left = false;
  const core = await openCore(wiring, config, {
    log,
    metrics,
    open: lifecycle.open,
    // A query for each instance would tell what the release knows already: it migrates first.
    prepare: async () => {},
    migrate: false,
    onWork: () => {
      left = true;
    },
  });
  const { bus, queue, relay, inbox, peers, hosted } = core;
  queue.know(jobsOf(hosted));
  lifecycle.checkReady('database', () => core.database.ping());
  const wake = createWake(config.WORK_QUEUE_URL as string, log);

  /** Wakes `work` before the instance is frozen. */
  const leavingWork =
    <E, R>(handle: (event: E) => Promise<R>) =>
    async (event: E): Promise<R> => {
      const result = await handle(event);
      if (left) {
        left = false;
        await wake();
      }
      return result;
    };
  const http = (endpoints: readonly Endpoint[]) => {
    const app = createHttpApp({ endpoints, log, metrics, draining: () => false });
    return leavingWork(lambdaHttp(app, { bodyLimitBytes: config.BODY_LIMIT_BYTES }));
  };
  const receivers = new Map(hosted.map((module) => [module.contract.name, receiverOf(module, inbox).receive]));
  return {
    /** Requests of clients, from API Gateway. */
    http: http([
      ...probes(lifecycle),
      ...documents(wiring.system, wiring.contracts),
      ...(await publicEndpoints(core, config)),
    ]),
    /** Calls of other deployables, from a function URL. */
    internal: http(peers ? peerEndpoints(core, peers, config) : []),
    /** Events of the modules' queues. */
    events: leavingWork(lambdaEvents(receivers, log)),
    /** Publishes events and runs jobs, until nothing is left or the time is over; what is left then is the next one's. */
    async work(_event: unknown, { getRemainingTimeInMillis }: Invocation): Promise<void> {
      const until = Date.now() + Math.max(1_000, getRemainingTimeInMillis() - reserveMs);
      do {
        left = false;
        await Promise.all([relay.drain(bus, until), queue.drain(until)]);
      } while (left && Date.now() < until);
    },
  };
}
