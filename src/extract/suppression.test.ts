import { describe, expect, it } from 'vitest';
import { suppressionIn } from './suppression.ts';

/** What the comment of a text says, and which code it covers. */
function read(text: string) {
  const start = text.indexOf('//');
  const end = text.indexOf('\n', start) === -1 ? text.length : text.indexOf('\n', start);
  const found = suppressionIn(text.slice(start + 2, end), [start, end], text);
  return found && { ...found, covers: text.slice(...found.covers) };
}

describe('a comment that accepts findings', () => {
  it.each<[string, object | undefined]>([
    ['slow partner (team-a) until 2027-01-31', { reason: 'slow partner', owner: 'team-a', until: '2027-01-31' }],
    ['slow partner until 2027-01-31.', { reason: 'slow partner', until: '2027-01-31' }],
    ['slow partner (team-a)', { reason: 'slow partner', owner: 'team-a' }],
    ['slow (until 2027-01-31)', { reason: 'slow', until: '2027-01-31' }],
    ['until 2027-01-31 because it is slow', { reason: 'because it is slow', until: '2027-01-31' }],
    ['slow until 31.01.2027', { reason: 'slow', until: '31.01.2027' }],
    ['slow until 2027-1-5', { reason: 'slow', until: '2027-1-5' }],
    ['slow Until: 2027', { reason: 'slow', until: '2027' }],
    ['slow until 1234 is closed', { reason: 'slow until 1234 is closed' }],
    ['slow until they answer', { reason: 'slow until they answer' }],
    ['', { reason: '' }],
  ])('%s', (words, said) => {
    expect(read(`// scalable-backend-ignore missing-timeout: ${words}\nfetch(a);`)).toEqual({
      rule: 'missing-timeout',
      covers: 'fetch(a);',
      ...said,
    });
  });
  it.each([
    [
      'the line that it stands behind',
      'a();\nb(); // scalable-backend-ignore x: y\nc();',
      'b(); // scalable-backend-ignore x: y',
    ],
    ['the next line', 'a();\n// scalable-backend-ignore x: y\nb();\nc();', 'b();'],
    ['the next line that is not blank', '// scalable-backend-ignore x: y\n\n  \nb();\nc();', 'b();'],
  ])('covers %s', (_, text, covered) => {
    expect(read(text)?.covers).toBe(covered);
  });
  it('names a rule, or says nothing', () => expect(read('// scalable-backend-ignore\na();')).toBeUndefined());
});
