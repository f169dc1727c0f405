import { defineConfig } from 'vitest/config';

/** Generated trees and the small projects inside rules and recognisers hold tests that are material, not ours. */
const material = [
  '**/node_modules/**',
  '**/dist/**',
  '**/fixtures/**',
  'test/golden/**',
  'rules/*/{ok,bad}/**',
  'templates/*/*/*/**',
];
interface Options {
  readonly testTimeout?: number;
  readonly fileParallelism?: boolean;
  readonly globalSetup?: string;
}
const project = (name: string, include: string[], options: Options = {}) => ({
  test: { name, include, exclude: material, ...options },
});

export default defineConfig({
  test: {
    passWithNoTests: false,
    // The default leaves one core idle, which on two cores is half of them.
    maxWorkers: '100%',
    projects: [
      project('unit', ['{src,scripts,generators,bin,bench,templates}/**/*.test.ts', 'test/unit/**/*.test.ts']),
      project('rules', ['rules/**/*.test.ts', 'test/rules/**/*.test.ts'], { testTimeout: 20_000 }),
      project('golden', ['test/golden.test.ts'], { testTimeout: 60_000 }),
      project('laws', ['test/laws/**/*.test.ts'], { testTimeout: 120_000 }),
      project('conformance', ['test/conformance/**/*.test.ts'], { testTimeout: 300_000, fileParallelism: false }),
      project('e2e', ['test/e2e/**/*.test.ts'], {
        testTimeout: 600_000,
        fileParallelism: false,
        globalSetup: 'test/e2e/support/setup.ts',
      }),
    ],
  },
});
