import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { SpecResult } from './support/cruiser-specs.ts';

/**
 * dependency-cruiser's own specifications, read when this runs and never kept: from `DEPENDENCY_CRUISER_SOURCE` (a folder or
 * anything that git can clone), else from its repository.
 */
const source = process.env.DEPENDENCY_CRUISER_SOURCE ?? 'https://github.com/sverweij/dependency-cruiser';
const folder = mkdtempSync(join(tmpdir(), 'cruiser-specs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const problem = prepare();
if (problem) console.log(`The specifications of dependency-cruiser are skipped: ${problem}`);

function prepare(): string | undefined {
  const checkout = join(folder, 'checkout');
  const cloned = spawnSync('git', ['clone', '--quiet', '--depth', '1', source, checkout], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  });
  if (cloned.status !== 0) return `${source} cannot be read (${(cloned.stderr ?? '').trim().split('\n').at(-1)}).`;
  const installed = fileURLToPath(new URL('..', import.meta.resolve('dependency-cruiser')));
  cpSync(join(checkout, 'test'), join(folder, 'test'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(checkout, 'package.json'), join(folder, 'package.json'));
  // The specifications speak to the installed sources; only they are from the repository.
  symlinkSync(installed, join(folder, 'src'));
  rmSync(checkout, { recursive: true });
  return existsSync(join(folder, 'test/extract/tsc')) ? undefined : `${source} has no test/extract/tsc.`;
}

function run(route: 'native' | 'original', specs: readonly string[]): SpecResult[] {
  const runner = fileURLToPath(new URL('support/cruiser-specs.ts', import.meta.url));
  const child = spawnSync(process.execPath, ['--no-warnings', runner, folder, route, ...specs], {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(child.stderr.slice(-2000));
  return JSON.parse(child.stdout) as SpecResult[];
}
const titles = (results: readonly SpecResult[], outcome: SpecResult['outcome']) =>
  results.filter((each) => each.outcome === outcome).map(({ title }) => title);

describe.skipIf(problem !== undefined)('dependency-cruiser’s own specifications', () => {
  it('of extraction by the compiler: ours answers them, or says that it does not and the original does', () => {
    const specs = [
      'commonjs',
      'dynamic-imports',
      'exotics',
      'exports',
      'imports',
      'jsdoc-bracket-imports',
      'jsdoc-import-tags',
      'triple-slash-directives',
      'type-imports-and-exports',
    ].map((name) => `test/extract/tsc/${name}.spec.mjs`);
    const native = run('native', specs);
    const original = run('original', specs);
    const left = titles(native, 'fallback');
    console.log(
      `${titles(native, 'passed').length} of ${native.length} natively, by fallback:\n  ${left.join('\n  ')}`,
    );
    expect(native.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(native.length).toBeGreaterThanOrEqual(66);
    expect(titles(native, 'passed').length).toBeGreaterThanOrEqual(51);
    expect(titles(original, 'passed')).toEqual(expect.arrayContaining(left));
  });

  it('of dependencies and modules, by fixtures: whatever passes with its own code passes with ours', () => {
    const specs = [
      'get-dependencies.cjs',
      'get-dependencies.es6',
      'get-dependencies.ts',
      'get-dependencies.ts-types',
      'get-dependencies.amd',
      'index.cachebusting',
      'index.donotfollow',
      'index.exclude',
      'index.maxdepth',
    ].map((name) => `test/extract/${name}.spec.mjs`);
    const native = run('native', specs);
    const original = run('original', specs);
    // With these parsers every run is left to dependency-cruiser (`routeOf`).
    const left = titles(original, 'passed').filter((title) => /\(with '(?:acorn|swc)' as parser\)$/.test(title));
    const theirs = titles(original, 'passed').filter((title) => !left.includes(title));
    const ours = new Set(titles(native, 'passed'));
    console.log(
      `${theirs.length} of ${original.length} for ours, ${left.length} for other parsers, with its own code fail here:`,
      titles(original, 'failed'),
    );
    expect(theirs.length).toBeGreaterThanOrEqual(20);
    expect(
      theirs.filter((title) => !ours.has(title)).map((title) => native.find((each) => each.title === title)),
    ).toEqual([]);
  });
});
