import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICruiseOptions } from 'dependency-cruiser';
import { type Cruised, type CruiseEngine, runCruise } from '../src/lint/dependency-cruiser/run.ts';
import { type Bench, pairedRatio } from './bench.ts';

/** A repository that is checked out somewhere, named by whoever runs this. */
const root = process.env.BENCH_REPOSITORY ?? '';
const options = {
  validate: true,
  tsPreCompilationDeps: true,
  skipAnalysisNotInRules: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)dist/' },
  ruleSet: {
    forbidden: [
      { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
      {
        name: 'not-inside',
        severity: 'error',
        from: { path: '^packages/([^/]+)/' },
        to: { path: '^packages/(?!$1/)[^/]+/src/' },
      },
    ],
  },
} as ICruiseOptions;

/** Rules of dependency-cruiser on our graph, beside `cruise()` on its own: CPU of each whole process. */
export const bench: Bench = {
  title: `Rules of dependency-cruiser on ${root || 'a repository'}`,
  missing: () => (existsSync(root) ? undefined : 'BENCH_REPOSITORY names no folder'),
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-foreign-'));
    try {
      const log = join(folder, 'cpu');
      process.env.BENCH_CPU = log;
      process.env.NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(
        "import{appendFileSync}from'node:fs';process.on('exit',()=>{const{user,system}=process.cpuUsage();appendFileSync(process.env.BENCH_CPU,(user+system)/1e6+' ')})",
      )}`;
      const run = (engine: CruiseEngine, graph: boolean): Cruised =>
        runCruise({ engine, root: realpathSync(root), paths: ['.'], graph, options });
      const measured = (engine: CruiseEngine) => async () => {
        rmSync(log, { force: true });
        run(engine, false);
        // One process, and one more where the compiler had to read something.
        return readFileSync(log, 'utf8')
          .trim()
          .split(' ')
          .map(Number)
          .reduce((a, b) => a + b, 0);
      };
      const [ours, theirs] = [run('compat', true), run('cruise', true)];
      const equal = (key: 'modules' | 'violations') =>
        Number(JSON.stringify(ours[key]) !== JSON.stringify(theirs[key]));
      const ratio = await pairedRatio(5, measured('compat'), measured('cruise'));
      return [
        { name: 'modules', value: theirs.modules.length, unit: 'count' },
        { name: 'violations', value: theirs.violations.length, unit: 'count' },
        { name: 'graphs that differ', value: equal('modules'), unit: 'count', limit: 0 },
        { name: 'violations that differ', value: equal('violations'), unit: 'count', limit: 0 },
        {
          name: 'CPU on our graph ÷ cruise()',
          value: ratio.value,
          unit: 'x',
          limit: 0.2,
          ...(ratio.spread && { spread: ratio.spread }),
        },
        { name: 'CPU on our graph', value: ratio.subject, unit: 's' },
        { name: 'CPU of cruise()', value: ratio.peer, unit: 's' },
      ];
    } finally {
      delete process.env.NODE_OPTIONS;
      rmSync(folder, { recursive: true });
    }
  },
};
