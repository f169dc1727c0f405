import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Answers, expand } from '../../../src/blueprint/expand.ts';
import type { Blueprint } from '../../../src/blueprint/schema.ts';
import { catalogueAt, templateRoot } from '../../../src/plan/catalogue.ts';
import { collect } from '../../../src/plan/intents.ts';
import { plan, scopesOf } from '../../../src/plan/plan.ts';
import { selected } from '../../../src/plan/select.ts';
import type { IntentOf } from '../../../src/plan/template.ts';
import { templates } from '../../../templates/catalogue.gen.ts';

/** Text files of a planned system, by path. */
export type Printed = ReadonlyMap<string, string>;

const answers: Answers = {
  name: 'shop',
  style: 'monolith',
  framework: 'fastify',
  modules: ['catalog:product', 'orders:order'],
  uses: ['orders:catalog'],
  database: 'postgres',
  cache: 'redis',
  broker: undefined,
  place: [],
  ci: 'github-actions',
  deploy: ['compose'],
  observability: ['prometheus', 'grafana'],
  load: 'autocannon',
};

export const blueprint = (change: Partial<Answers> = {}, more: Partial<Blueprint> = {}): Blueprint => ({
  ...expand({ ...answers, ...change }),
  capacity: { peakRps: 2000, p95Ms: 150 },
  ...more,
});

/** The default system with a second server, which is not public. */
export function twoServers(): Blueprint {
  const one = blueprint({ broker: 'rabbitmq' });
  const [api] = one.deployables;
  if (!api) throw new Error('The default blueprint has a deployable.');
  return { ...one, deployables: [api, { ...api, name: 'back', path: 'deployables/back', public: false }] };
}

/** Systems that differ in what printers must handle. */
export const systems: Readonly<Record<string, () => Blueprint>> = {
  default: () => blueprint(),
  'no cache, no monitoring': () => blueprint({ cache: 'memory', observability: [] }),
  'Prometheus alone, nothing said about capacity': () => {
    const { capacity: _, ...rest } = blueprint({ observability: ['prometheus'] });
    return rest;
  },
  'two servers': twoServers,
  'with RabbitMQ': () => blueprint({ broker: 'rabbitmq' }),
  'with Kafka': () => blueprint({ broker: 'kafka' }),
  'one module with a long name': () =>
    blueprint({ name: 'a-very-long-name-of-30-letters', modules: ['inventory-and-stock-keeping:box'], uses: [] }),
};

const catalogue = catalogueAt(templateRoot(), templates);
const plans = new Map<string, Printed>();

/** The plan of a blueprint, made once. */
export function printed(of: Blueprint): Printed {
  const key = JSON.stringify(of);
  const known = plans.get(key);
  if (known) return known;
  const files = plan(of, catalogue, { version: '0.0.0' });
  const made = new Map(files.flatMap(({ path, content }) => (typeof content === 'string' ? [[path, content]] : [])));
  plans.set(key, made);
  return made;
}

export function file(files: Printed, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`The plan has no ${path}: ${[...files.keys()].join(', ')}`);
  return text;
}

export function intents<K extends IntentOf<'job'>['is'] | 'metric' | 'record' | 'alert' | 'resource' | 'setting'>(
  of: Blueprint,
  is: K,
): readonly IntentOf<K>[] {
  const all = collect(of, selected(of, templates), scopesOf(of));
  return all.filter((intent): intent is IntentOf<K> => intent.is === is);
}

/** A mistake, planted: the checker has to see it. Fails when the text to replace is not there. */
export function planted(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`Nothing to replace by '${to}'.`);
  return changed;
}

/** A folder with these files; it goes when the test ends. */
export async function onDisk(files: Printed | Readonly<Record<string, string>>): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of files instanceof Map ? files : Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}
