import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CRUISER_VERSION } from './child.ts';

const source = (path: string) => readFileSync(new URL(`../${path}`, import.meta.resolve('dependency-cruiser')), 'utf8');

it('stands in for modules of exactly the dependency-cruiser that is installed', () => {
  const manifest = JSON.parse(source('../package.json')) as { version: string };
  const ours = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(manifest.version).toBe(CRUISER_VERSION);
  expect(ours.dependencies['dependency-cruiser']).toBe(CRUISER_VERSION);
});

it('and they are imported where the hook looks for them', () => {
  expect(source('main/cruise.mjs')).toContain('import("#extract/index.mjs")');
  expect(source('extract/extract-dependencies.mjs')).toContain('from "./tsc/extract.mjs"');
  expect(source('extract/resolve/resolve-cjs.mjs')).toContain('from "./resolve.mjs"');
  expect(source('analyze/derive/circular.mjs')).toContain('from "#graph-utl/indexed-module-graph.mjs"');
});
