import { describe, expect, it } from 'vitest';
import { recognisers } from '../../extract/catalogue.gen.ts';
import { extractText } from '../../extract/typescript/extract.ts';
import type { Checked } from '../checked.ts';
import { holdsFor } from './edited.ts';
import type { Outcome } from './outcome.ts';

const before = `import { b } from './b.ts';
import axios from 'axios';
export const http = axios.create({ timeout: 100 });
export const load = (id: string) => {
  for (const each of [id]) http.get(each);
};
`;
const nothing = { violations: [], suppressions: [], gaps: [], unchecked: [] } as unknown as Checked;
const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  state: '',
  read: [],
  ids: [],
  beyond: [],
  named: [],
  facts: 1,
  measured: [],
  sizes: '',
  checked: nothing,
  ...more,
});
const factsIn = (text: string) => extractText('a.ts', text, recognisers.typescript ?? []);
const holds = (after: string, more?: Partial<Outcome>) =>
  holdsFor(outcome(more), [{ path: 'a.ts', before: factsIn(before), after: factsIn(after) }]);
const spokenOf = { checked: { ...nothing, violations: [{ violation: { at: [{ path: 'a.ts', span: [0, 1] }] } }] } };
const moved = `// A comment.\n${before.replace('[id]', '[ id ]')}`;

describe('an outcome holds after an edit', () => {
  it('that only moves what the file says', () => expect(holds(moved)).toBe(true));
  it('but not where the outcome names places in it', () => {
    const checked = spokenOf.checked as unknown as Checked;
    expect(holds(moved, { checked })).toBe(false);
    expect(holds(`${before}// At the end.\n`, { checked })).toBe(true);
  });
  it('that adds a name which nobody asked for', () => {
    const after = `${before}export const limit = 3;\n`;
    expect(holds(after)).toBe(true);
    expect(holds(after, { named: ['a.ts'] })).toBe(false);
    expect(holds(after, { named: ['b.ts'] })).toBe(true);
  });
  it('but not of a file of which more than facts had a say', () =>
    expect(holds(before, { beyond: ['a.ts'] })).toBe(false));
  it.each([
    ['leads elsewhere', before.replace('./b.ts', './c.ts')],
    ['is about types alone', before.replace('import { b }', 'import type { b }')],
    ['imports more', `${before}import './c.ts';\n`],
    ['imports less', before.replace("import { b } from './b.ts';\n", '')],
    ['imports in another order', before.replace(/(.*\n)(.*\n)/, '$2$1')],
    ['sets another limit', before.replace('timeout: 100', 'timeout: 200')],
    ['calls somewhere else', before.replace('for (const each of [id]) http.get(each);', 'http.get(id);')],
    ['accepts a finding', `// scalable-backend-ignore missing-timeout: slow (ann) until 2027-01-31\n${before}`],
    ['cannot be parsed', `${before}const = ;\n`],
    ['says that it is generated', undefined],
  ])('but not one after which it %s', (_, after) => {
    if (after !== undefined) expect(holds(after)).toBe(false);
    else {
      const facts = factsIn(before);
      expect(holdsFor(outcome(), [{ path: 'a.ts', before: facts, after: { ...facts, generated: true } }])).toBe(false);
    }
  });
  it('but not where one place is no longer inside another, or after it', () => {
    const withCallAt = (...span: [number, number]) => {
      const endpoint = {
        kind: 'endpoint',
        url: 'http://a',
        context: '',
        span: [0, 10],
        fn: -1,
        loop: 0,
        tx: false,
      } as const;
      const call = { ...endpoint, kind: 'blocking-call', api: 'x', span } as const;
      return { path: 'a.ts', functions: [], facts: [endpoint, call], names: [], gaps: [] };
    };
    const holdsFrom = (before: [number, number], after: [number, number]) =>
      holdsFor(outcome(), [{ path: 'a.ts', before: withCallAt(...before), after: withCallAt(...after) }]);
    expect(holdsFrom([2, 4], [5, 9])).toBe(true);
    expect(holdsFrom([2, 4], [12, 14])).toBe(false);
    expect(holdsFrom([2, 4], [2, 10])).toBe(false);
  });
  it('and not where a file is not known, or took too long', () => {
    const facts = factsIn(before);
    expect(holdsFor(outcome(), [{ path: 'a.ts', before: undefined, after: facts }])).toBe(false);
    expect(holdsFor(outcome(), [{ path: 'a.ts', before: facts, after: undefined }])).toBe(false);
    const slow = { ...facts, gaps: [{ path: 'a.ts', why: 'too-slow' as const, detail: 'x' }] };
    expect(holdsFor(outcome(), [{ path: 'a.ts', before: slow, after: slow }])).toBe(false);
  });
});
