import { install, pack, program } from '../test/e2e/support/packages.ts';
import { succeed } from '../test/e2e/support/processes.ts';
import { type Bench, median, rounds } from './bench.ts';
import { measure } from './support/command.ts';

/** The packed linter on a generated system, without its cache and with it. */
export const bench: Bench = {
  title: 'Linting a generated system',
  async run() {
    const { generator, linter } = await pack();
    const at = await install('bench-lint', [generator, linter]);
    const create = program(at, 'create-scalable-backend');
    await succeed(create, ['shop', '--yes', '--skip-install', '--no-git'], { cwd: at });
    const lint = program(at, 'scalable-backend');
    const cold = await rounds(7, async () => measure([lint, 'lint', 'shop', '--no-cache'], { cwd: at }).cpuS);
    const warm = await rounds(7, async () => measure([lint, 'lint', 'shop'], { cwd: at }).cpuS);
    const help = await rounds(7, async () => measure([lint, '--help'], { cwd: at }).cpuS);
    const spread = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
    return [
      { name: 'CPU of lint, cold', value: median(cold), spread: spread(cold), unit: 's', limit: 0.4 },
      { name: 'CPU of lint, unchanged', value: median(warm), spread: spread(warm), unit: 's' },
      { name: 'CPU of --help', value: median(help), spread: spread(help), unit: 's', limit: 0.15 },
    ];
  },
};
