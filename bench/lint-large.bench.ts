import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, pack, program } from '../test/e2e/support/packages.ts';
import type { Bench, Row } from './bench.ts';
import { measure, type Usage } from './support/command.ts';
import { cpu, figure, inPairs, peak, ratio, runs, wall } from './support/pairs.ts';
import { system, writeTree } from './support/tree.ts';

const MODULES = 100;
const ROUNDS = 5;
/** Tools that are fetched when this runs, and nothing here depends on. */
const peers = ['fallow@3.36.0', 'oxlint@1.94.0'];

/** What each peer is told: no rings of files, and of another module nothing but the contract. */
const cruiser = `module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'boundary', severity: 'error', from: { path: '^modules/([^/]+)/' },
      to: { path: '^modules/[^/]+/src/(?!contract)', pathNot: '^modules/$1/' } },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, skipAnalysisNotInRules: true,
    moduleSystems: ['es6', 'cjs'], doNotFollow: { path: 'node_modules' } },
};\n`;
function fallow(): string {
  const names = Array.from({ length: MODULES }, (_, m) => m);
  return JSON.stringify({
    boundaries: {
      zones: names.flatMap((m) => [
        { name: `c${m}`, patterns: [`modules/m${m}/src/contract.ts`] },
        { name: `m${m}`, patterns: [`modules/m${m}/**`] },
      ]),
      rules: names.flatMap((m) => [
        { from: `c${m}`, allow: [] },
        { from: `m${m}`, allow: m === 0 ? ['c0'] : [`c${m}`, `c${m - 1}`] },
      ]),
    },
  });
}
/** A ring of two files, one of which imports the insides of another module. */
const planted = {
  'modules/m5/src/extra.ts':
    "import { run2 } from '../../m6/src/file2.ts';\nimport { b } from './extra2.ts';\nexport const a = run2;\nexport const c = () => b;\n",
  'modules/m5/src/extra2.ts': "import { a } from './extra.ts';\nexport const b = () => a;\n",
};

/** Boundaries and rings of 10,000 files, packed, beside the tools that look for the same. */
export const bench: Bench = {
  title: 'Linting 10,000 files',
  async run() {
    const { linter } = await pack();
    const at = await install('bench-large', [linter, ...peers]);
    const tree = mkdtempSync(join(tmpdir(), 'bench-large-'));
    try {
      const run = programs(at, tree);
      writeTree(tree, system(MODULES));
      writeFileSync(join(tree, 'cruise.cjs'), cruiser);
      writeFileSync(join(tree, '.fallowrc.json'), fallow());
      for (const [path, text] of Object.entries(planted)) writeFileSync(join(tree, path), text);
      run.mustFind();
      for (const path of Object.keys(planted)) rmSync(join(tree, path));
      return [...cold(run), ...again(run, tree), ...(await small(at))];
    } finally {
      rmSync(tree, { recursive: true });
    }
  },
};

type Run = ReturnType<typeof programs>;
const graph = ['--rule', 'module-boundary', '--rule', 'cyclic-dependency'];

function programs(at: string, tree: string) {
  const lint = [program(at, 'scalable-backend'), 'lint', '.'];
  const cache = join(tree, 'node_modules', '.cache');
  const commands = {
    cruise: [
      fileURLToPath(new URL('../node_modules/.bin/depcruise', import.meta.url)),
      '--config',
      'cruise.cjs',
      'modules',
    ],
    fallow: [program(at, 'fallow'), 'architecture', '--no-cache'],
    fallowKept: [program(at, 'fallow'), 'architecture'],
    oxlint: [program(at, 'oxlint'), '-A', 'all', '-D', 'import/no-cycle', '--import-plugin', '--silent', '.'],
  };
  const of = (args: readonly string[]) => (): Usage => measure(args, { cwd: tree });
  return {
    graph: of([...lint, ...graph]),
    all: of(lint),
    forget: () => rmSync(cache, { recursive: true, force: true }),
    cold(run: () => Usage): Usage {
      rmSync(cache, { recursive: true, force: true });
      return run();
    },
    cruise: of(commands.cruise),
    fallow: of(commands.fallow),
    fallowKept: of(commands.fallowKept),
    oxlint: of(commands.oxlint),
    /** Throws unless every tool finds what is planted: none of them is timed while it does nothing. */
    mustFind() {
      for (const args of [[...lint, ...graph, '--no-cache'], commands.cruise, commands.fallow, commands.oxlint]) {
        const { status } = spawnSync(process.execPath, args, { cwd: tree, stdio: 'ignore' });
        if (status === 0) throw new Error(`${args.join(' ')} did not find what was planted`);
      }
    },
  };
}

function cold(run: Run): Row[] {
  const ours = () => run.cold(run.graph);
  const cruise = inPairs(ROUNDS, ours, run.cruise);
  const fallow = inPairs(ROUNDS, ours, run.fallow);
  const oxlint = inPairs(ROUNDS, ours, run.oxlint);
  const rules = inPairs(ROUNDS, () => run.cold(run.all), ours);
  return [
    figure('cold: CPU', cruise.subject, cpu, 's'),
    figure('cold: CPU of dependency-cruiser', cruise.peer, cpu, 's'),
    figure('cold: CPU of fallow', fallow.peer, cpu, 's'),
    figure('cold: CPU of oxlint, rings alone', oxlint.peer, cpu, 's'),
    ratio('cold: CPU ÷ dependency-cruiser', cruise, cpu, 0.1),
    ratio('cold: CPU ÷ fallow', fallow, cpu, 0.5),
    ratio('cold: time ÷ fallow', fallow, wall, 0.5),
    ratio('cold: CPU ÷ oxlint, rings alone', oxlint, cpu),
    ratio('cold: time ÷ oxlint, rings alone', oxlint, wall, 0.8),
    ratio('cold: CPU of all rules ÷ these two', rules, cpu, 2),
    figure('cold: peak memory', cruise.subject, peak, 'MiB', 420),
    figure('cold: peak memory, all rules', rules.subject, peak, 'MiB', 600),
  ];
}

function again(run: Run, tree: string): Row[] {
  const unchanged = runs(ROUNDS, run.graph);
  const kept = inPairs(ROUNDS, run.graph, run.fallowKept);
  const file = join(tree, 'modules/m50/src/file50.ts');
  const before = readFileSync(file, 'utf8');
  let edits = 0;
  const edited = (text: () => string) =>
    runs(ROUNDS, () => {
      appendFileSync(file, text());
      return run.graph();
    });
  const same = edited(() => `export const edit${edits++} = 1;\n`);
  const others = edited(
    () => `import { run${++edits} as r${edits} } from './file${edits % 40}.ts';\nexport { r${edits} };\n`,
  );
  writeFileSync(file, before);
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: tree, stdio: 'ignore' });
  writeFileSync(join(tree, '.gitignore'), 'node_modules\n.fallow\n');
  git('init', '-q');
  git('add', '.');
  const indexed = runs(ROUNDS, run.graph);
  return [
    figure('unchanged: CPU, by git', indexed, cpu, 's', 0.2),
    figure('unchanged: CPU, without git', unchanged, cpu, 's', 0.45),
    ratio('unchanged: CPU ÷ fallow with its cache', kept, cpu, 0.1),
    figure('unchanged: peak memory', unchanged, peak, 'MiB', 90),
    figure('one file with the same imports: CPU', same, cpu, 's', 0.3),
    figure('one file with other imports: CPU', others, cpu, 's', 0.6),
  ];
}

/** 400 files, as most services are. */
async function small(at: string): Promise<Row[]> {
  const tree = mkdtempSync(join(tmpdir(), 'bench-small-'));
  try {
    writeTree(tree, system(4));
    const run = programs(at, tree);
    const pairs = inPairs(ROUNDS, () => run.cold(run.graph), run.oxlint);
    return [
      figure('400 files, cold: CPU', pairs.subject, cpu, 's', 0.25),
      figure('400 files, unchanged: CPU', runs(ROUNDS, run.graph), cpu, 's', 0.08),
      ratio('400 files, cold: CPU ÷ oxlint, rings alone', pairs, cpu),
    ];
  } finally {
    rmSync(tree, { recursive: true });
  }
}
