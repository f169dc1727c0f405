import { beforeAll, describe, expect, it } from 'vitest';
import { recognisers } from '../../src/extract/catalogue.gen.ts';
import { type Risky, riskyReader } from '../../src/extract/guarded.ts';
import { java } from '../../src/extract/java/java.ts';
import type { Language } from '../../src/extract/language.ts';
import { python } from '../../src/extract/python/python.ts';
import { typescript } from '../../src/extract/typescript/language.ts';

beforeAll(async () => {
  for (const language of [java, python]) await language.prepare?.();
});

const file = (language: Language, path: string, text: string): Risky => ({
  path,
  bytes: new TextEncoder().encode(text),
  digest: '',
  language,
  recognisers: recognisers[language.id] ?? [],
  whole: true,
  reason: 'as the test says',
});
const nested = `${'['.repeat(220)}1${']'.repeat(220)}`;
const harmless = [
  file(typescript, 'a.ts', `import axios from 'axios';\nexport const a = ${nested};\naxios.get('http://é.example');\n`),
  file(typescript, 'broken.ts', 'export const x = (\n'),
  file(python, 'a.py', `import requests\na = ${nested}\nrequests.get('http://a.example')\n`),
  file(java, 'A.java', `class A { int[] a = ${'('.repeat(220)}1${')'.repeat(220)}; }`),
  file(typescript, 'b.ts', "export const b = () => fetch('https://b.example');\n"),
];
const crashing = [
  file(typescript, 'crash.ts', `const x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`),
  file(typescript, 'templates.ts', `const x = ${'`${'.repeat(5000)}1${'}`'.repeat(5000)}`),
];
const hanging = (path: string) => file(python, path, '\\\n'.repeat(60_000));
const patient = { fileMs: 2000, slowFiles: 10, allMs: 60_000 };

describe('files that are read in a child process', { timeout: 60_000 }, () => {
  it('have the facts that they have in this process, whatever is read before them', () => {
    const all = [crashing[0]!, ...harmless.slice(0, 2), crashing[1]!, ...harmless.slice(2)];
    for (const files of [all, all.toReversed()]) {
      const found = riskyReader(patient)(files);
      expect(found.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
      for (const [i, facts] of found.entries()) {
        const { language, recognisers: wanted, whole, reason, ...source } = files[i]!;
        if (harmless.includes(files[i]!)) expect(facts).toEqual(language.extract(source, wanted, whole));
        else
          expect(facts.gaps).toEqual([{ path: source.path, why: 'too-deep', detail: `${reason}; reading it failed` }]);
      }
    }
  });

  it('are gaps where they take too long, and the next ones are read all the same', () => {
    const [slow, fast] = riskyReader({ ...patient, fileMs: 300 })([hanging('slow.py'), harmless[4]!]);
    expect(slow!.gaps).toEqual([
      { path: 'slow.py', why: 'too-slow', detail: 'as the test says; reading it took too long' },
    ]);
    expect(fast!.facts.map(({ kind }) => kind)).toContain('remote-call');
  });

  it('are not tried any more where too many took too long, also in what is asked for later', () => {
    const read = riskyReader({ ...patient, fileMs: 100, slowFiles: 2 });
    const details = (files: readonly Risky[]) => read(files).map(({ gaps }) => gaps.map(({ detail }) => detail).join());
    const [first, second, third] = details(['1.py', '2.py', '3.py'].map(hanging));
    expect([first, second]).toEqual(Array(2).fill('as the test says; reading it took too long'));
    expect(third).toBe('as the test says; not read, because 2 files took too long before it');
    expect(details([harmless[4]!])).toEqual([third]);
  });

  it('have a time for all of them', () => {
    const started = performance.now();
    const found = riskyReader({ ...patient, allMs: 1500 })([hanging('1.py'), hanging('2.py')]);
    expect(found.map(({ gaps: [gap] }) => gap?.why)).toEqual(['too-slow', 'too-slow']);
    expect(found[1]!.gaps[0]!.detail).toMatch(/not read, because such files took \d+ s before it/);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
