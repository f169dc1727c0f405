import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, pack, program } from '../test/e2e/support/packages.ts';
import type { Bench, Row } from './bench.ts';
import { measure, type Usage } from './support/command.ts';
import { cpu, figure, peak, runs } from './support/pairs.ts';
import { chain, type Files, system, writeTree } from './support/tree.ts';

const ROUNDS = 3;
/** A component is a finding. */
const FOUND = 1;
const sizes = [1, 5, 10, 25, 50];

/** All rules without a cache, packed, over ever more files: what each more thousand costs must not grow. */
export const bench: Bench = {
  title: 'Linting more and more files',
  async run() {
    const { linter } = await pack();
    const at = await install('bench-growth', [linter]);
    const command = [program(at, 'scalable-backend'), 'lint', '.', '--no-cache'];
    const lint = (files: Files, status = 0): readonly Usage[] => {
      const tree = mkdtempSync(join(tmpdir(), 'bench-growth-'));
      try {
        writeTree(tree, files);
        return runs(ROUNDS, () => measure(command, { cwd: tree, status }));
      } finally {
        rmSync(tree, { recursive: true });
      }
    };
    const series = sizes.map((size) => ({ size, usage: lint(system(size * 10)) }));
    const rows: Row[] = series.flatMap(({ size, usage }) => [
      figure(`${size},000 files: CPU for each thousand`, usage, (each) => cpu(each) / size, 's'),
      figure(`${size},000 files: peak memory for each thousand`, usage, (each) => peak(each) / size, 'MiB'),
    ]);
    const least = (size: number, of: (usage: Usage) => number) =>
      Math.min(...series.find((each) => each.size === size)!.usage.map(of)) / size;
    return [
      ...rows,
      { name: 'CPU of a file: of 50,000 ÷ of 5,000', value: least(50, cpu) / least(5, cpu), unit: 'x', limit: 1.25 },
      {
        name: 'memory of a file: of 50,000 ÷ of 5,000',
        value: least(50, peak) / least(5, peak),
        unit: 'x',
        limit: 1.25,
      },
      figure('a chain of 100,000 imports: CPU', lint(chain(100_000)), cpu, 's'),
      figure('a component of 10,000 files: CPU', lint(chain(10_000, true), FOUND), cpu, 's'),
    ];
  },
};
