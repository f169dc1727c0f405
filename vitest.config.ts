import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Generated trees and the small projects inside rules and recognisers hold tests that are material, not ours. */
const material = [
  '**/node_modules/**',
  '**/dist/**',
  '**/fixtures/**',
  'test/golden/**',
  'rules/*/{ok,bad}/**',
  'templates/*/*/*/**',
];
/** Nothing that a test lints leaves a cache in the home of whoever runs it, and a pipeline's `CI` changes no answer. */
const caches = join(tmpdir(), 'scalable-backend-test-caches');
/** Both packages as tarballs, for suites of real programs. */
const packing = 'test/e2e/support/setup.ts';
interface Options {
  readonly testTimeout?: number;
  readonly isolate?: boolean;
  readonly fileParallelism?: boolean;
  readonly maxWorkers?: number;
  readonly globalSetup?: string;
}
const project = (name: string, include: string[], options: Options = {}) => ({
  test: {
    name,
    include,
    exclude: material,
    // Real programs have the environment that they are started in, and more time in a pipeline.
    env: { XDG_CACHE_HOME: caches, ...(name === 'e2e' ? {} : { CI: '' }) },
    ...options,
  },
});

/** The files of e2e that take longest: they start first, so that nothing waits for one of them at the end. */
const longest = ['resilience', 'proof', 'system', 'add', 'microservices', 'bus'].map((name) => `/e2e/${name}.test.ts`);
const order = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((end) => moduleId.endsWith(end));
  return at === -1 ? longest.length : at;
};

/**
 * A worker goes on with files of its own project only, and what it has imported, planned and extracted with it: the longest
 * project starts first, and none is mixed with another.
 */
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project: { name } }: TestSpecification) => ['laws', 'unit', 'rules', 'golden'].indexOf(name);
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b) || order(a) - order(b));
  }
}

export default defineConfig({
  test: {
    passWithNoTests: false,
    // The default leaves one core idle, which on two cores is half of them; and tests that wait for processes leave another.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: ByProject },
    projects: [
      project('laws', ['test/laws/**/*.test.ts'], { testTimeout: 120_000, isolate: false }),
      project('unit', ['{src,scripts,generators,bin,bench,templates}/**/*.test.ts', 'test/unit/**/*.test.ts'], {
        testTimeout: 20_000,
        isolate: false,
      }),
      project('rules', ['rules/**/*.test.ts', 'test/rules/**/*.test.ts'], { testTimeout: 20_000, isolate: false }),
      project('golden', ['test/golden.test.ts'], { testTimeout: 60_000, isolate: false }),
      project('deep', ['test/deep/**/*.test.ts'], { testTimeout: 60_000, isolate: false }),
      project('conformance', ['test/conformance/**/*.test.ts'], { testTimeout: 300_000, fileParallelism: false }),
      project('e2e', ['test/e2e/**/*.test.ts'], {
        testTimeout: 600_000,
        // Two files at a time in a pipeline, whose bounds in time allow for it: what waits for a registry, a process or
        // a pause leaves its core to the other one.
        maxWorkers: process.env.CI ? 2 : 1,
        globalSetup: packing,
      }),
      project('images', ['test/images/**/*.test.ts'], {
        testTimeout: 900_000,
        fileParallelism: false,
        globalSetup: packing,
      }),
    ],
  },
});
