/**
 * `node fuzz.ts <seed> <count>`: so many cases, in a process of its own, because a parser may end it or never return.
 * Prints one JSON value a line: each case before it is tried, then what all of them came to.
 */
import { writeSync } from 'node:fs';
import fc from 'fast-check';
import { anyCase, type Case, filesOf } from './cases.ts';
import { judge } from './judge.ts';

export type Line =
  | { readonly trying: Case }
  | { readonly done: { readonly reports: number; readonly slowest: number; readonly failure?: string } };
/** CPU milliseconds that one case may take, in all of its runs. */
const LIMIT = 8000;

const [seed, count] = process.argv.slice(2).map(Number) as [number, number];
const say = (line: Line) => writeSync(1, `${JSON.stringify(line)}\n`);
let [reports, slowest] = [0, 0];
const property = fc.asyncProperty(anyCase, async (tried) => {
  say({ trying: tried });
  const before = process.cpuUsage();
  if (await judge(filesOf(tried), filesOf({ ...tried, edits: tried.edits.slice(0, -1) }), tried.project % 6 === 0))
    reports++;
  const { user, system } = process.cpuUsage(before);
  const taken = (user + system) / 1000;
  slowest = Math.max(slowest, taken);
  if (taken > LIMIT) throw new Error(`it took ${Math.round(taken)} ms`);
});
const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
  seed,
  numRuns: count,
});
const failure = !failed
  ? undefined
  : [
      `seed ${seed}, path ${counterexamplePath}: ${errorInstance instanceof Error ? errorInstance.stack : errorInstance}`,
      JSON.stringify(counterexample),
      ...[...filesOf(counterexample![0])].map(
        ([path, bytes]) => `${JSON.stringify(path)}: ${JSON.stringify(bytes.toString())}`,
      ),
    ].join('\n');
say({ done: { reports, slowest: Math.round(slowest), ...(failure !== undefined && { failure }) } });
