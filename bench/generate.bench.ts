import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, pack, program } from '../test/e2e/support/packages.ts';
import { type Bench, median, pairedRatio, rounds } from './bench.ts';
import { measure } from './support/command.ts';

/** The packed generator against the Nest CLI, both without installing what they wrote. */
export const bench: Bench = {
  title: 'Generation without installing (peer: nest new --skip-install)',
  async run() {
    const { generator } = await pack();
    const ours = await install('bench-generator', [generator]);
    const theirs = await install('bench-nest', ['@nestjs/cli@12']);
    const create = program(ours, 'create-scalable-backend');
    const nest = program(theirs, 'nest');
    const fresh = async <T>(use: (folder: string) => T): Promise<T> => {
      const folder = await mkdtemp(join(tmpdir(), 'bench-generate-'));
      try {
        return use(folder);
      } finally {
        await rm(folder, { recursive: true });
      }
    };
    const subject = () => fresh((cwd) => measure([create, 'shop', '--yes', '--skip-install', '--no-git'], { cwd }));
    const peer = () =>
      fresh((cwd) => measure([nest, 'new', 'shop', '--skip-install', '--skip-git', '-p', 'npm'], { cwd }));
    const wall = await pairedRatio(
      7,
      async () => (await subject()).wallS,
      async () => (await peer()).wallS,
    );
    const usage = [await subject(), await subject(), await subject()];
    const help = await rounds(7, async () => measure([create, '--help'], { cwd: ours }).cpuS);
    return [
      { name: 'wall, ratio', value: wall.value, spread: wall.spread ?? [0, 0], unit: 'x', limit: 1.2 },
      { name: 'wall', value: wall.subject, unit: 's' },
      { name: 'wall of nest new', value: wall.peer, unit: 's' },
      { name: 'CPU', value: median(usage.map(({ cpuS }) => cpuS)), unit: 's', limit: 1.5 },
      { name: 'peak memory', value: median(usage.map(({ peakMiB }) => peakMiB)), unit: 'MiB', limit: 200 },
      {
        name: 'CPU of --help',
        value: median(help),
        spread: [Math.min(...help), Math.max(...help)],
        unit: 's',
        limit: 0.15,
      },
    ];
  },
};
