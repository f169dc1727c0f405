import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Case } from './support/cases.ts';
import type { Line } from './support/fuzz.ts';

/** `FUZZ_SEED` and `FUZZ_CASES` ask for others; a failure says the seed that it is found again with. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_126);
const cases = Number(process.env.FUZZ_CASES ?? 5000);
/** Cases of one process, with a seed of their own. */
const PORTION = 250;
/** How long nothing may be heard of one case, on a machine with much else to do, until it hangs. */
const SILENCE_MS = 60_000;

const program = fileURLToPath(new URL('support/fuzz.ts', import.meta.url));
const nothing = { reports: 0, slowest: 0, failure: undefined as string | undefined };

/** Runs a portion in a process of its own: a parser may end it, or never return. */
function portion(from: number, count: number): Promise<typeof nothing> {
  const child = spawn(process.execPath, ['--no-warnings', program, String(from), String(count)]);
  let last: Case | undefined;
  let done: (Line & { readonly done: unknown })['done'] | undefined;
  let errors = '';
  const hangs = () => child.kill('SIGKILL');
  let timer = setTimeout(hangs, SILENCE_MS);
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    clearTimeout(timer);
    timer = setTimeout(hangs, SILENCE_MS);
    const line = JSON.parse(text) as Line;
    if ('trying' in line) last = line.trying;
    else done = line.done;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (done && errors === '') return resolve({ ...nothing, ...done });
      const how = errors || `it ended with ${signal ?? code}`;
      return resolve({ ...nothing, failure: `seed ${from}: ${how}, at the latest in ${JSON.stringify(last)}` });
    });
  });
}

describe('repositories that nobody wrote on purpose', () => {
  it(`${cases} of them in memory, seed ${seed}`, { timeout: cases * 100 + 120_000 }, async () => {
    const portions = Array.from({ length: Math.ceil(cases / PORTION) }, (_, i) => i);
    const results: (typeof nothing)[] = [];
    const worker = async () => {
      for (let i = portions.shift(); i !== undefined; i = portions.shift())
        results.push(await portion(seed + i, Math.min(PORTION, cases - i * PORTION)));
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    expect(results.flatMap(({ failure }) => failure ?? []).join('\n\n')).toBe('');
    const reports = results.reduce((sum, each) => sum + each.reports, 0);
    console.log(
      `${reports} of ${cases} had a report; the slowest case took ${Math.max(...results.map(({ slowest }) => slowest))} ms of CPU`,
    );
    expect(reports).toBeGreaterThan(cases / 3);
  });
});
