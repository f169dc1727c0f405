import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { json, yaml } from './print.ts';

it('JSON and YAML keep every value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
      // JSON has no negative zero.
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(json(value))).toEqual(plain);
      expect(parse(yaml(plain))).toEqual(plain);
    }),
  );
});

it('JSON is printed as Biome formats it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'print-'));
  try {
    const long = Array.from({ length: 30 }, (_, index) => `value-${index}`);
    const value = {
      short: ['a', 'b'],
      numbers: [1, 2, 3],
      long,
      fits: 'x',
      nested: { list: [['a'], ['b', 'c']], objects: [{ a: 1 }, { b: ['c'] }], empty: {}, none: [] },
      exactly: ['x'.repeat(103)],
      onemore: ['x'.repeat(104)],
    };
    const path = (name: string) => join(folder, name);
    writeFileSync(
      path('biome.json'),
      JSON.stringify({ root: true, formatter: { indentStyle: 'space', lineWidth: 120 } }),
    );
    writeFileSync(path('settings.json'), json(value));
    writeFileSync(path('package.json'), json({ name: 'x', files: ['a', 'b'], ...value }, 0));
    const before = ['settings.json', 'package.json'].map((name) => readFileSync(path(name), 'utf8'));
    execFileSync(join(process.cwd(), 'node_modules/.bin/biome'), ['format', '--write', '.'], {
      cwd: folder,
      stdio: 'pipe',
    });
    expect(['settings.json', 'package.json'].map((name) => readFileSync(path(name), 'utf8'))).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('YAML has its comment above it', () => {
  expect(yaml({ a: ['b'] }, ['One.', '', 'Two.'])).toBe('# One.\n#\n# Two.\na:\n  - b\n');
});
