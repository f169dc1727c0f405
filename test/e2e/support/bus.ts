import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expand } from '../../../src/blueprint/expand.ts';
import { catalogueAt, templateRoot } from '../../../src/plan/catalogue.ts';
import { plan } from '../../../src/plan/plan.ts';
import { templates } from '../../../templates/catalogue.gen.ts';
import { nodeEnv, once } from './packages.ts';
import { succeed } from './processes.ts';

// What generated systems have in `bus/port.ts`; their packages are not installed here.
export interface Envelope {
  readonly id: string;
  readonly topic: string;
  readonly version: number;
  readonly occurredAt: string;
  readonly payload: unknown;
  readonly key?: string;
  readonly traceparent?: string;
}
export type Receive = (envelope: Envelope) => Promise<void>;
export interface Bus {
  publish(envelope: Envelope): Promise<void>;
  connected?(): boolean;
  subscribe(group: string, topics: readonly string[], receive: Receive): Promise<void>;
  close(): Promise<void>;
}
type OpenBus = (url: string, context: object) => Promise<Bus>;

/** The platform of a generated system, installed alone, with the adapters of every broker. */
export interface Platform {
  readonly dir: string;
  /** Opens a bus as a deployable does; `attempts` is small, so that tests do not wait. */
  open(adapter: string, url: string, attempts?: number): Promise<Opened>;
  /** A package that the platform has installed. */
  // biome-ignore lint/suspicious/noExplicitAny: clients of brokers, which this repository does not depend on
  require(name: string): any;
}
export interface Opened extends Bus {
  /** Value of `events_dead_lettered_total` for a group. */
  deadLettered(group: string): Promise<number>;
}

const answers = {
  name: 'shop',
  modules: ['catalog:product', 'orders:order'],
  uses: [],
  style: 'microservices',
  place: [],
  framework: 'fastify',
  database: 'postgres',
  cache: 'memory',
  ci: 'none',
  deploy: [],
  observability: [],
  load: 'none',
};

/** SNS is for functions. */
const systemWith = (broker: string) =>
  expand({ ...answers, broker, ...(broker === 'sns' ? { style: 'serverless', deploy: ['sam'] } : {}) });

/** Fills a folder with the platform packages of systems with every broker, laid over each other, and what they depend on. */
async function install(dir: string): Promise<void> {
  // A broker that no system here can have is one of a single process.
  const brokers = templates
    .filter(({ axis, id, refuse }) => axis === 'broker' && !refuse?.(systemWith(id)))
    .map(({ id }) => id);
  const catalogue = catalogueAt(templateRoot(), templates);
  const manifests: { dependencies: Record<string, string> }[] = [];
  for (const broker of brokers) {
    for (const { path, content } of plan(systemWith(broker), catalogue, { version: '0.0.0' })) {
      if (!path.startsWith('packages/platform/') || typeof content !== 'string') continue;
      const to = join(dir, path.slice('packages/platform/'.length));
      if (path.endsWith('package.json')) manifests.push(JSON.parse(content));
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, content);
    }
  }
  const dependencies = Object.assign({}, ...manifests.map((manifest) => manifest.dependencies));
  await writeFile(join(dir, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  await succeed('npm', ['install', '--no-audit', '--no-fund'], { cwd: dir, env: nodeEnv() });
}

export async function platform(): Promise<Platform> {
  const dir = await once('platform', install);
  const module = (path: string) => import(/* @vite-ignore */ join(dir, 'src', path));
  const { createMetrics } = await module('telemetry/metrics.ts');
  const log = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, logged(level)]));
  return {
    dir,
    require: createRequire(join(dir, 'package.json')),
    async open(adapter, url, attempts = 3) {
      const [open] = Object.values((await module(`bus/${adapter}.ts`)) as Record<string, OpenBus>);
      if (!open) throw new Error(`bus/${adapter}.ts exports nothing`);
      const metrics = createMetrics();
      const bus = await open(url, { log, metrics, system: 'shop', attempts });
      return {
        ...bus,
        async deadLettered(group) {
          const { values } = await metrics.eventsDeadLettered.get();
          const own = values.filter(({ labels }: { labels: { group: string } }) => labels.group === group);
          return own.reduce((sum: number, { value }: { value: number }) => sum + value, 0);
        },
      };
    },
  };
}
const logged = (level: string) => (fields: object, message: string) => {
  if (process.env.BUS_LOG) console.error(level, message, fields);
};

/** Publishes as the outbox does: the events of a key one after the other, each until the bus has taken it. */
export async function publishAll(bus: Bus, envelopes: readonly Envelope[]): Promise<void> {
  const keys = Map.groupBy(envelopes, ({ key, id }) => key ?? id);
  await Promise.all(
    [...keys.values()].map(async (ordered) => {
      for (const envelope of ordered) {
        while (!(await accepted(bus, envelope))) await sleep(50);
      }
    }),
  );
}
const accepted = (bus: Bus, envelope: Envelope): Promise<boolean> =>
  bus.publish(envelope).then(
    () => true,
    () => false,
  );

/**
 * Effects of a group, as its inbox in a database has them: a second delivery of an event waits until the first one is
 * done or has failed, and has no effect of its own.
 */
export function effects() {
  const done: Envelope[] = [];
  const events = new Map<string, Promise<boolean>>();
  const tries: { readonly envelope: Envelope; readonly at: number }[] = [];
  const receive =
    (effect: (envelope: Envelope) => Promise<void> | void = () => {}): Receive =>
    async (envelope) => {
      tries.push({ envelope, at: performance.now() });
      for (;;) {
        const before = events.get(envelope.id);
        if (!before) break;
        if (await before) return;
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      events.set(envelope.id, promise);
      try {
        await effect(envelope);
        done.push(envelope);
        resolve(true);
      } catch (error) {
        events.delete(envelope.id);
        resolve(false);
        throw error;
      }
    };
  return { done, tries, receive };
}
