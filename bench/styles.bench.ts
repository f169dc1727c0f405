import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOf, installation, nodeEnv } from '../test/e2e/support/packages.ts';
import { run as execute } from '../test/e2e/support/processes.ts';
import { missing, postgres, redis } from '../test/e2e/support/services.ts';
import { startSplit } from '../test/e2e/support/split.ts';
import { developmentToken, type GeneratedSystem, generate, serve, settings } from '../test/e2e/support/system.ts';
import { type Bench, median, type Row } from './bench.ts';

/** Something that answers the load test of `system`. */
interface Target {
  readonly system: GeneratedSystem;
  readonly url: string;
  readonly token: string;
}
/** What the load test of a generated system measures of one scenario. */
interface Measured {
  readonly rps: number;
  readonly p99Ms: number;
}
const scenarios = ['list', 'get', 'create'] as const;
type Scenario = (typeof scenarios)[number];

const rounds = 3;

/** The load test that every system carries, against a target that runs already. */
async function load({ system, url, token }: Target): Promise<Record<Scenario, Measured>> {
  const env = nodeEnv({ BASE_URL: url, TOKEN: token });
  const { output } = await execute('node', ['load/run.ts'], { cwd: system.dir, env });
  const of = (what: string) => {
    const value = new RegExp(`^${what}\\s+([\\d.]+)`, 'm').exec(output)?.[1];
    if (value === undefined) throw new Error(`no ${what} in:\n${output}`);
    return Number(value);
  };
  const entries = scenarios.map((name) => {
    if (of(`${name} error rate`) > 0) throw new Error(`${name} failed:\n${output}`);
    return [name, { rps: of(`${name} requests/s`), p99Ms: of(`${name} p99 ms`) }] as const;
  });
  return Object.fromEntries(entries) as Record<Scenario, Measured>;
}

/** Rounds of all targets, one after the other, so that a noisy minute meets each of them. */
async function compare(targets: Readonly<Record<string, Target>>): Promise<readonly Row[]> {
  const names = Object.keys(targets);
  const measured: Record<string, Record<Scenario, Measured>>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const results: Record<string, Record<Scenario, Measured>> = {};
    for (const name of round % 2 === 0 ? names : names.toReversed())
      results[name] = await load(targets[name] as Target);
    // The first one warms up.
    if (round > 0) measured.push(results);
  }
  const row = (name: string, unit: Row['unit'], values: readonly number[]): Row => ({
    name,
    unit,
    value: median(values),
    spread: [Math.min(...values), Math.max(...values)],
  });
  const [peer = '', ...others] = names;
  const at = (result: (typeof measured)[number], name: string, scenario: Scenario): Measured =>
    (result[name] as Record<Scenario, Measured>)[scenario];
  return scenarios.flatMap((scenario) => [
    ...names.flatMap((name) => [
      row(
        `${scenario}, ${name}`,
        '1/s',
        measured.map((result) => at(result, name, scenario).rps),
      ),
      row(
        `${scenario}, ${name}: p99`,
        'ms',
        measured.map((result) => at(result, name, scenario).p99Ms),
      ),
    ]),
    ...others.flatMap((name) => {
      const over = (what: keyof Measured) =>
        measured.map((result) => at(result, name, scenario)[what] / at(result, peer, scenario)[what]);
      return [
        row(`${scenario}, ${name} over ${peer}: requests a second`, 'x', over('rps')),
        row(`${scenario}, ${name} over ${peer}: p99`, 'x', over('p99Ms')),
      ];
    }),
  ]);
}

/** The default modules, answering on PostgreSQL and Redis as one process. */
async function monolith(system: GeneratedSystem): Promise<Target & { stop(): Promise<unknown> }> {
  const [database, cache] = [await postgres(), await redis()];
  const env = await settings({ DATABASE_URL: database.url, CACHE_URL: cache.url });
  const token = await developmentToken(system, env);
  const served = await serve(system, env, token);
  return {
    system,
    url: served.api.url,
    token,
    async stop() {
      await served.process.stop();
      await Promise.all([database.process.stop(), cache.process.stop()]);
    },
  };
}

/** A copy whose cache is never fresh: each read goes to the database. */
async function uncached(system: GeneratedSystem): Promise<GeneratedSystem> {
  const dir = await copyOf(system.dir);
  for (const { name } of system.modules) {
    const file = join(dir, 'modules', name, 'src/infra/cache.ts');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/\{ ttlMs: [\d_]+, staleMs: [\d_]+ \}/, '{ ttlMs: 0, staleMs: 0 }'));
  }
  return { ...system, dir };
}

/**
 * Everything runs on one machine: what a style costs shows, what it gains by running on several does not. Calls between
 * deployables pass a small proxy of the tests, so those of `microservices` are somewhat dearer than in production.
 */
export const bench: Bench = {
  title: 'Styles, frameworks and the cache of a generated system, on one machine with its clients',
  missing: () => missing.postgres() ?? missing.redis() ?? missing.rabbitmq() ?? missing.nginx(),
  async run() {
    const at = await installation();
    const plain = await generate(at, 'shop');
    const express = await generate(at, 'shop', ['--framework', 'express']);
    const apart = await generate(at, 'shop', ['--style', 'microservices']);
    const targets = {
      monolith: await monolith(plain),
      'monolith on Express': await monolith(express),
      'monolith without cache': await monolith(await uncached(plain)),
      microservices: await startSplit(apart).then((split) => ({ ...split, system: apart, url: split.api.url })),
    };
    try {
      return await compare(targets);
    } finally {
      for (const target of Object.values(targets)) await target.stop();
    }
  },
};
