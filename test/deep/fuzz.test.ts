import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, removeFolders, run } from '../support/program.ts';
import { anyCase, type Case, filesOf } from './support/cases.ts';
import type { Line } from './support/fuzz.ts';
import { judgeText } from './support/judge.ts';

/** `FUZZ_SEED` and `FUZZ_CASES` ask for others; a failure says the seed that it is found again with. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_126);
const cases = Number(process.env.FUZZ_CASES ?? 5000);
/** Cases that are written to the disk. */
const PROGRAMS = Math.ceil(cases / 50);
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

/** Path, content and time of everything below a folder, links as what they say. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const { mtimeMs, size } = lstatSync(path);
      return `${path} ${size} ${mtimeMs}`;
    });
}

/** A case on the disk, beside files that nobody may read and links to them; undefined where the disk has no such names. */
function written(tried: Case): { readonly root: string; readonly around: string } | undefined {
  const around = folderWith({
    'outside.ts': "export const call = () => fetch('https://topsecret.example');\n",
    'outside.env': 'SECRET=topsecret\n',
    'package.json': '{"name":"topsecret","workspaces":["*"]}',
    'tsconfig.json': '{"compilerOptions":{"paths":{"*":["./outside.ts"]}}}',
    'architecture.yaml': 'version: 1\nname: topsecret\n',
  });
  const root = join(around, 'root');
  mkdirSync(root);
  for (const [path, bytes] of filesOf(tried)) {
    const file = join(root, path);
    if (!file.startsWith(`${root}/`)) return undefined;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    } catch {
      // One path of a case may be a folder of another.
    }
  }
  for (const [name, to] of [
    ['link.ts', '../outside.ts'],
    ['link.env', '../outside.env'],
    ['out', '..'],
  ] as const)
    if (!existsSync(join(root, name))) symlinkSync(to, join(root, name));
  return { root, around };
}

const formats = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'];
const graphs = ['mermaid', 'dot', 'json'];
const commands: readonly (readonly [what: string, format: string, options: readonly string[]])[] = [
  ...formats.map((format) => ['lint', format, ['--format', format]] as const),
  ...formats.map((format) => ['lint', format, ['--format', format, '--no-cache']] as const),
  ...graphs.map((format) => ['graph', `graph ${format}`, ['--format', format]] as const),
  ['init', 'text', ['--dry-run']],
  ['lint', 'text', ['--verify-cache']],
  ['lint', 'text', ['--owner', '@a', '--max-warnings', '1']],
];

describe('the same through the program', () => {
  afterEach(removeFolders);
  it(`${PROGRAMS} of them, each in one of ${commands.length} ways`, { timeout: PROGRAMS * 10_000 }, async () => {
    const failures: string[] = [];
    const statuses = [0, 0, 0];
    for (const [i, tried] of fc.sample(anyCase, { seed, numRuns: PROGRAMS }).entries()) {
      const place = written(tried);
      if (!place) continue;
      const [what, format, options] = commands[i % commands.length]!;
      const before = snapshot(place.around);
      const { status, stdout, stderr } = await run(what, place.root, ...options);
      const wrong = (why: string) =>
        failures.push(`case ${i} of seed ${seed}, ${what} ${options.join(' ')}: ${why}\n${JSON.stringify(tried)}`);
      if (statuses[status] === undefined) wrong(`exit code ${status}`);
      else statuses[status]++;
      if (/^\s+at |mistake of scalable-backend/m.test(stderr)) wrong(stderr);
      if (/topsecret/.test(stdout + stderr)) wrong(`it read what is outside: ${stdout}${stderr}`);
      if (!isDeepStrictEqual(snapshot(place.around), before)) wrong('it changed something');
      try {
        judgeText('text', stderr);
        // With an error alone there is nothing for a program to read.
        if (stdout !== '' || stderr === '') judgeText(format, stdout);
      } catch (error) {
        wrong(String(error));
      }
      removeFolders();
    }
    expect(failures.join('\n\n')).toBe('');
    // All ends are reached, so that none of this is about errors alone.
    expect(statuses.every((count) => count > 0 || PROGRAMS < 50)).toBe(true);
  });
});
