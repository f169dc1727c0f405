import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const found = (...patterns: readonly string[]): readonly string[] =>
  globSync(patterns, { cwd: root, exclude: ['**/fixtures/**', 'rules/*/{ok,bad}/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();

/** Files of which one alone takes a second or more: they start processes, or build what is large. */
const slow =
  /\/(?:cache|foreign|forms|fragments|names|hostile|init|since|fix|program)\.test\.ts$|components\.test\.ts$|cyclic-dependency\/rule\.test\.ts$/;
const own = found(
  'src/{extract,lint,model,report}/**/*.test.ts',
  'src/cli/linter/**/*.test.ts',
  'src/api.test.ts',
  'rules/**/*.test.ts',
  'test/unit/linter/*.test.ts',
);

export interface Suite {
  readonly name: string;
  /** Relative to the repository. */
  readonly files: readonly string[];
}
/** The linter's tests, cheap ones first; without thousands of made-up repositories, which take a minute for each defect. */
export const suites: readonly Suite[] = [
  { name: 'quick', files: own.filter((path) => !slow.test(path)) },
  { name: 'slow', files: own.filter((path) => slow.test(path)) },
  {
    name: 'deep',
    files: found(
      'test/deep/{attacks,engines,guarded,session}.test.ts',
      'test/laws/{sensitivity,identity,own-medicine,round-trip}.test.ts',
    ),
  },
];
/** The test file that killed a defect the last time goes first: a guess about time, and no word about the outcome. */
export const suitesFor = (killer: string | undefined): readonly Suite[] =>
  killer === undefined || !suites.some(({ files }) => files.includes(killer))
    ? suites
    : [
        { name: 'first', files: [killer] },
        ...suites.map(({ name, files }) => ({ name, files: files.filter((path) => path !== killer) })),
      ];

/** Vitest's project of a test file. */
const projectOf = (path: string): string => /^(?:test\/)?(deep|laws|rules)\//.exec(path)?.[1] ?? 'unit';

/** What a suite said: nothing (it passed), or which test failed and how. */
export interface Failure {
  readonly file: string;
  readonly test: string;
  readonly message: string;
  /** No test ran at all: the program could not be loaded. */
  readonly unloadable: boolean;
}
interface Told {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Runs a suite in a copy of the repository, up to its first failure or for `limit` seconds. */
export async function failureOf(suite: Suite, folder: string, limit: number): Promise<Failure | undefined> {
  const output = join(folder, 'vitest.json');
  rmSync(output, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(folder, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--bail=1',
      '--maxWorkers=1',
      '--reporter=json',
      `--outputFile=${output}`,
      ...[...new Set(suite.files.map(projectOf))].flatMap((project) => ['--project', project]),
      ...suite.files,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: { ...process.env, CI: '', VITEST: '' } },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-4000);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // With everything that its tests started.
    process.kill(-child.pid!, 'SIGKILL');
  }, limit * 1000);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearTimeout(timer);
  if (late) return { file: '', test: suite.name, message: `not done within ${limit} s`, unloadable: false };
  if (code === 0) return undefined;
  return failureIn(output, folder) ?? { file: '', test: suite.name, message: errors, unloadable: false };
}

function failureIn(output: string, folder: string): Failure | undefined {
  let told: Told;
  try {
    told = JSON.parse(readFileSync(output, 'utf8')) as Told;
  } catch {
    return undefined;
  }
  const ran = told.testResults.some(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === 'passed'),
  );
  for (const { name, message, assertionResults } of told.testResults) {
    const file = name.startsWith(folder) ? name.slice(folder.length + 1) : name;
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed)
      return {
        file,
        test: `${file} > ${failed.fullName}`,
        message: failed.failureMessages?.[0]?.split('\n')[0] ?? '',
        unloadable: false,
      };
    if (message) return { file, test: file, message: message.split('\n')[0]!, unloadable: !ran };
  }
  return undefined;
}
