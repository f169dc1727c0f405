import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FactKind, FileFacts } from '../model/facts.ts';
import { recognisers } from './catalogue.gen.ts';
import { java } from './java/java.ts';
import type { Recogniser } from './language.ts';
import { python } from './python/python.ts';
import { loadGrammar } from './tree-sitter/syntax.ts';
import { extractText } from './typescript/extract.ts';

/**
 * `<language>/fixtures/<name>` is code of one library, `<name>.facts` what its recogniser must see in it: line, kind and
 * fact. Every view of a language gives the same. `vitest run -u` rewrites the expectations: read the diff.
 */
type View = (path: string, text: string, wanted: readonly Recogniser[]) => FileFacts;
const bytes = (text: string) => new TextEncoder().encode(text);
const views: Readonly<Record<string, Readonly<Record<string, View>>>> = {
  java: { 'tree-sitter': (path, text, wanted) => java.extract({ path, bytes: bytes(text), digest: '' }, wanted) },
  python: { 'tree-sitter': (path, text, wanted) => python.extract({ path, bytes: bytes(text), digest: '' }, wanted) },
  typescript: {
    plain: (path, text, wanted) => extractText(path, text, wanted, 'plain'),
    lazy: (path, text, wanted) => extractText(path, text, wanted, 'lazy'),
    'tree-sitter': (path, text, wanted) => extractText(path, text, wanted, 'tree-sitter'),
  },
};

/** What engines see without a recogniser. */
const engineKinds: readonly FactKind[] = ['import', 'export', 'binding', 'call', 'endpoint', 'env-read', 'suppression'];

function printed({ facts, gaps }: FileFacts, text: string): string {
  const lines = facts
    .filter(({ kind }) => !engineKinds.includes(kind))
    .map(({ kind, span, fn: _fn, loop, tx, ...fact }) => {
      const line = text.slice(0, span[0]).split('\n').length;
      const place = `${loop > 0 ? ` loop:${loop}` : ''}${tx ? ' tx' : ''}`;
      return { line, printed: `${String(line).padStart(3)} ${kind}${place} ${JSON.stringify(fact)}` };
    });
  const order = lines.sort((a, b) => a.line - b.line || (a.printed < b.printed ? -1 : 1));
  return `${[...order.map((each) => each.printed), ...gaps.map(({ detail }) => `gap ${detail}`)].join('\n')}\n`;
}

beforeAll(async () => {
  await Promise.all([java.prepare?.(), python.prepare?.(), loadGrammar('typescript'), loadGrammar('tsx')]);
});

const here = import.meta.dirname;
for (const [language, all] of Object.entries(views)) {
  describe(language, () => {
    const fixtures = globSync(`${language}/fixtures/*`, { cwd: here }).filter((path) => !path.endsWith('.facts'));
    for (const path of fixtures.sort()) {
      const text = readFileSync(join(here, path), 'utf8');
      for (const [name, view] of Object.entries(all)) {
        test(`${path} under ${name}`, async () => {
          const facts = view(path, text, recognisers[language] ?? []);
          await expect(printed(facts, text)).toMatchFileSnapshot(join(here, `${path}.facts`));
        });
      }
    }
    test('each recogniser has a fixture in which it sees something', () => {
      const seen = (recogniser: Recogniser) =>
        fixtures.some((path) => {
          const view = Object.values(all)[0];
          const found = view?.(path, readFileSync(join(here, path), 'utf8'), [recogniser]);
          return found?.facts.some(({ kind }) => recogniser.emits.includes(kind) && !engineKinds.includes(kind));
        });
      expect((recognisers[language] ?? []).filter((each) => !seen(each)).map(({ id }) => id)).toEqual([]);
    });
  });
}
