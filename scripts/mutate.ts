/**
 * `npm run mutate [-- --only <id>… --workers <n> --keep]`: seeds each defect of `scripts/mutate/defects/` in a copy of the
 * repository and runs the linter's suites there until a test fails: the test file that noticed it the last time, then the
 * cheap suites, then the others. Prints which test killed it. Exits 1 when fewer than 95 % are killed, 2 when the suites
 * fail without a defect, or one leaves no program that could be tested. `--keep` writes the dated result of a whole run into
 * `bench/results/`, and which test file to begin with the next time.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defects } from './mutate/catalogue.ts';
import { copyOf } from './mutate/copy.ts';
import { type Defect, seeded } from './mutate/defect.ts';
import { type Failure, failureOf, type Suite, suites, suitesFor } from './mutate/suites.ts';

/** Seconds for one suite with a defect in it; one that needs longer hangs. */
const LIMIT = 300;
const WANTED = 0.95;

interface Outcome {
  readonly defect: Defect;
  readonly killedBy: Failure | undefined;
  readonly seconds: number;
}

const root = join(import.meta.dirname, '..');
const killersFile = join(root, 'scripts', 'mutate', 'killers.json');
const killers = JSON.parse(readFileSync(killersFile, 'utf8')) as Record<string, string>;
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    workers: { type: 'string', default: String(availableParallelism()) },
    keep: { type: 'boolean', default: false },
  },
});
const unknown = (values.only ?? []).filter((id) => !defects.some((defect) => defect.id === id));
if (unknown.length > 0) {
  console.error(`No defect called ${unknown.join(', ')}.`);
  process.exit(2);
}

const began = performance.now();
const open = defects.filter(({ id }) => values.only?.includes(id) ?? true);
const copies = Array.from({ length: Math.min(Number(values.workers), open.length) }, () => copyOf(root));
try {
  process.exitCode = await main();
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const shares = copies.map((_, i) => suites.filter((_, suite) => suite % copies.length === i));
  const failures = await Promise.all(shares.map((share, i) => firstFailure(share, copies[i]!)));
  const broken = failures.find((failure) => failure !== undefined);
  if (broken) {
    console.error(`Without any defect ${broken.test} fails: ${broken.message}`);
    return 2;
  }
  const outcomes: Outcome[] = [];
  const work = async (copy: string) => {
    for (let defect = open.shift(); defect; defect = open.shift()) outcomes.push(await judge(defect, copy));
  };
  await Promise.all(copies.map(work));
  return report(outcomes);
}

async function judge(defect: Defect, copy: string): Promise<Outcome> {
  const file = join(copy, defect.file);
  const text = readFileSync(file, 'utf8');
  const start = performance.now();
  writeFileSync(file, seeded(text, defect));
  const killedBy = await firstFailure(suitesFor(killers[defect.id]), copy);
  writeFileSync(file, text);
  const outcome = { defect, killedBy, seconds: (performance.now() - start) / 1000 };
  console.log(line(outcome));
  return outcome;
}

async function firstFailure(list: readonly Suite[], copy: string): Promise<Failure | undefined> {
  for (const suite of list) {
    const failure = await failureOf(suite, copy, LIMIT);
    if (failure) return failure;
  }
  return undefined;
}

function line({ defect: { id, file, what }, killedBy, seconds }: Outcome): string {
  const verdict = killedBy ? (killedBy.unloadable ? 'rejected' : 'killed  ') : 'SURVIVED';
  const why = killedBy ? `${killedBy.test}: ${killedBy.message}` : `${file}: ${what}`;
  return `${verdict} ${id} (${seconds.toFixed(1)} s) ${why}`;
}

function report(outcomes: readonly Outcome[]): number {
  const rejected = outcomes.filter(({ killedBy }) => killedBy?.unloadable);
  const killed = outcomes.filter(({ killedBy }) => killedBy && !killedBy.unloadable);
  const survived = outcomes.filter(({ killedBy }) => !killedBy);
  const ratio = killed.length / (killed.length + survived.length);
  const seconds = (performance.now() - began) / 1000;
  if (survived.length > 0) console.log(`\n${survived.map(line).join('\n')}`);
  console.log(
    `\n${killed.length} of ${killed.length + survived.length} defects killed (${(ratio * 100).toFixed(1)} %) in ${(seconds / 60).toFixed(1)} min`,
  );
  if (rejected.length > 0)
    console.error(`With these no program is left to be tested: ${rejected.map(({ defect }) => defect.id).join(', ')}`);
  if (values.keep && !values.only) keep(killed, survived.length, seconds);
  return rejected.length > 0 ? 2 : ratio < WANTED ? 1 : 0;
}

function keep(killed: readonly Outcome[], survived: number, seconds: number): void {
  const date = new Date().toISOString().slice(0, 10);
  const seededDefects = killed.length + survived;
  const rows = [
    { name: 'defects seeded', value: seededDefects, unit: 'count' },
    { name: 'files they are seeded in', value: new Set(defects.map(({ file }) => file)).size, unit: 'count' },
    { name: 'killed by a test', value: killed.length, unit: 'count' },
    { name: 'killed / seeded, at least 0.95', value: killed.length / seededDefects, unit: 'x' },
    { name: 'whole run', value: seconds, unit: 's' },
  ];
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, platform: `${process.platform}-${process.arch}` };
  const result = { id: 'mutate', title: 'Defects seeded in the linter', date, node: process.version, machine, rows };
  write(join(root, 'bench', 'results', `${date}-mutate.json`), result);
  // A test that ended its process has no name.
  const found = killed.flatMap(({ defect, killedBy }) => (killedBy?.file ? [[defect.id, killedBy.file] as const] : []));
  const all = { ...killers, ...Object.fromEntries(found) };
  const known = defects.flatMap(({ id }) => (all[id] ? [[id, all[id]] as const] : []));
  write(killersFile, Object.fromEntries(known));
}
function write(file: string, content: object): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
