import { defineConfig } from 'vitest/config';

/** `unit` is pure and parallel. `system` shares one host with one embedded database, in one process: see tests/system.ts. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,modules}/*/src/**/*.test.ts'],
          exclude: ['**/*.db.test.ts'],
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.test.ts', 'modules/*/test/**/*.test.ts', 'packages/**/*.db.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          isolate: false,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
