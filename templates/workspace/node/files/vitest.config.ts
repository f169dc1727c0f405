import { defineConfig } from 'vitest/config';

/** Vite gives BASE_URL a meaning of its own in the workers, so a system that already runs reaches them by another name. */
const { BASE_URL: SYSTEM_URL } = process.env;

/** One process that keeps its modules between files: an embedded database costs half a gigabyte and two seconds. */
const oneProcess = { pool: 'forks', maxWorkers: 1, isolate: false, testTimeout: 20_000, hookTimeout: 60_000 } as const;

/** `unit`: pure and fast. `platform`: what modules build on. `system`: modules on a database, and all of it over HTTP. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['modules/*/src/**/*.test.ts', 'load/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'platform',
          include: ['packages/**/*.test.ts'],
          ...oneProcess,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'system',
          include: ['modules/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
          ...oneProcess,
          sequence: { groupOrder: 2 },
          ...(SYSTEM_URL ? { env: { SYSTEM_URL } } : {}),
        },
      },
    ],
  },
});
