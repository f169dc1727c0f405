import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../src/api.ts';
import { type Bench, median } from './bench.ts';
import { randomEdits } from './support/edits.ts';
import { system, writeTree } from './support/tree.ts';

/** Edits in one session: what each costs among 10,000 files, and 500 at random that must say what fresh runs say. */
export const bench: Bench = {
  title: 'Sessions over unsaved files',
  async run() {
    const [large, small] = ['large', 'small'].map((name) => mkdtempSync(join(tmpdir(), `bench-session-${name}-`)));
    try {
      writeTree(large!, system(100));
      writeTree(small!, system(6, 12));
      const session = new Session(large!);
      const path = 'modules/m50/src/file50.ts';
      const text = readFileSync(join(large!, path), 'utf8');
      await new Promise((resolve) => setTimeout(resolve, 3500));
      const costs: { readonly cpuMs: number; readonly wallMs: number }[] = [];
      for (let i = 0; i < 25; i++) {
        session.update(
          path,
          `${text}import { run${(i % 40) + 1} as r } from './file${(i % 40) + 1}.ts';\nexport { r };\n`,
        );
        const [before, start] = [process.cpuUsage(), performance.now()];
        await session.lint();
        const { user, system } = process.cpuUsage(before);
        if (i >= 5) costs.push({ cpuMs: (user + system) / 1000, wallMs: performance.now() - start });
      }
      const differing = await randomEdits(small!, 6, 12, 500, 11);
      const spread = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
      const [cpus, walls] = [costs.map(({ cpuMs }) => cpuMs), costs.map(({ wallMs }) => wallMs)];
      return [
        { name: 'an edit among 10,000 files: CPU', value: median(cpus), spread: spread(cpus), unit: 'ms', limit: 300 },
        { name: 'an edit among 10,000 files: time', value: median(walls), spread: spread(walls), unit: 'ms' },
        { name: 'of 500 random edits, unlike a fresh run', value: differing.length, unit: 'count', limit: 0 },
      ];
    } finally {
      for (const folder of [large, small]) rmSync(folder!, { recursive: true });
    }
  },
};
