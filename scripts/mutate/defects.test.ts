import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { defects } from './catalogue.ts';
import { seeded } from './defect.ts';
import { suites } from './suites.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the defects that are seeded in the linter', () => {
  it('can all still be seeded', () => {
    const failures = defects.flatMap((defect) => {
      try {
        seeded(readFileSync(join(root, defect.file), 'utf8'), defect);
        return [];
      } catch (error) {
        return [stripVTControlCharacters(String(error))];
      }
    });
    expect(failures).toEqual([]);
  });
  it('are many, each under a name of its own, over the whole engine', () => {
    expect(defects.length).toBeGreaterThanOrEqual(80);
    expect(new Set(defects.map(({ id }) => id)).size).toBe(defects.length);
    expect(new Set(defects.map(({ file }) => file)).size).toBeGreaterThanOrEqual(40);
  });
});

describe('seeding a defect', () => {
  const defect = { id: 'a', file: 'a.ts', what: 'It adds.', from: '+', to: '-' };
  it('replaces what it names', () => expect(seeded('a + b', defect)).toBe('a - b'));
  it('refuses what is not there', () => expect(() => seeded('a', defect)).toThrow('a: a.ts has no `+`'));
  it('refuses what is there twice', () => expect(() => seeded('a + b + c', defect)).toThrow('more than once'));
  it('refuses what is no program any more', () =>
    expect(() => seeded('a + b', { ...defect, to: '(' })).toThrow('not TypeScript'));
});

it('the suites that must notice are the tests of the linter, each in one of them', () => {
  const files = suites.flatMap((suite) => suite.files);
  expect(new Set(files).size).toBe(files.length);
  for (const suite of suites) expect(suite.files.length).toBeGreaterThan(0);
});
