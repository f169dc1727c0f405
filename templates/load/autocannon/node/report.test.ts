import { expect, it } from 'vitest';
import { compare, percentile, table } from './report.ts';

const limits = { p95Ms: 95, p99Ms: 98, errorRate: 0.01, minRps: 10 };
const latenciesMs = Array.from({ length: 100 }, (_, index) => index + 1);

it('takes percentiles by nearest rank', () => {
  expect([50, 95, 99, 100].map((percent) => percentile(latenciesMs, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([7], 99)).toBe(7);
});

it('says which limit is exceeded', () => {
  const rows = compare('list', { latenciesMs, errors: 1, seconds: 10 }, limits);
  expect(rows.map(({ ok }) => ok)).toEqual([true, false, true, true]);
  expect(table(rows)).toBe(
    [
      '                 measured  budget',
      'list p95 ms            95      95  ok',
      'list p99 ms            99      98  EXCEEDED',
      'list error rate      0.01    0.01  ok',
      'list requests/s        10      10  ok',
    ].join('\n'),
  );
});

it('accepts nothing when nothing was answered', () => {
  const rows = compare('list', { latenciesMs: [], errors: 0, seconds: 10 }, limits);
  expect(rows.map(({ ok }) => ok)).toEqual([false, false, false, false]);
});
