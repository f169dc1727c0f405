import { describe, expect, it } from 'vitest';
import { outputsOf } from './outputs.ts';

const known = ['text', 'json', 'sarif'];
describe('reports and where they go', () => {
  it.each([
    [[], [], [{ format: 'text' }]],
    [['json'], [], [{ format: 'json' }]],
    [['sarif'], ['a.sarif'], [{ format: 'sarif', file: 'a.sarif' }]],
    [[], ['sarif=a.sarif'], [{ format: 'sarif', file: 'a.sarif' }, { format: 'text' }]],
    [['text', 'sarif'], ['sarif=a=b.sarif'], [{ format: 'sarif', file: 'a=b.sarif' }, { format: 'text' }]],
    [
      ['sarif', 'json'],
      ['sarif=a', 'json=b'],
      [
        { format: 'sarif', file: 'a' },
        { format: 'json', file: 'b' },
      ],
    ],
  ])('%j %j', (formats, files, outputs) => {
    expect(outputsOf(formats, files, known)).toEqual(outputs);
  });
  it.each([
    [['sarfi'], [], "There is no report 'sarfi'"],
    [['json', 'sarif'], [], 'would go to standard output'],
    [[], ['a.json'], 'which report'],
    [['json', 'text'], ['a'], 'which report'],
  ])('%j %j is refused', (formats, files, why) => {
    expect(() => outputsOf(formats, files, known)).toThrow(why);
  });
});
