/** What a scenario may cost: latencies in milliseconds, errors as a part of all answers, answers a second. */
export interface Limits {
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly errorRate: number;
  readonly minRps: number;
}
export interface Measured {
  readonly latenciesMs: readonly number[];
  /** Answers of 400 and above, and requests without an answer. */
  readonly errors: number;
  readonly seconds: number;
}
export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly ok: boolean;
}

/** Nearest rank: the smallest value that at least `percent` of all values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.POSITIVE_INFINITY;
}

/** Each limit beside what was measured. Without a single answer nothing is ok. */
export function compare(scenario: string, { latenciesMs, errors, seconds }: Measured, limits: Limits): Row[] {
  const total = latenciesMs.length + errors;
  const atMost = (what: string, measured: number, limit: number): Row => ({
    what: `${scenario} ${what}`,
    measured,
    limit,
    ok: measured <= limit,
  });
  const rps = latenciesMs.length / seconds;
  return [
    atMost('p95 ms', percentile(latenciesMs, 95), limits.p95Ms),
    atMost('p99 ms', percentile(latenciesMs, 99), limits.p99Ms),
    atMost('error rate', total === 0 ? 1 : errors / total, limits.errorRate),
    { what: `${scenario} requests/s`, measured: rps, limit: limits.minRps, ok: rps >= limits.minRps },
  ];
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, limit, ok }) => [
    what,
    Number.isFinite(measured) ? String(Math.round(measured * 1000) / 1000) : '-',
    String(limit),
    ok ? 'ok' : 'EXCEEDED',
  ]);
  const all = [['', 'measured', 'budget', ''], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = ([what = '', measured = '', limit = '', verdict = '']: readonly string[]) =>
    [what.padEnd(widths[0] ?? 0), measured.padStart(widths[1] ?? 0), limit.padStart(widths[2] ?? 0), verdict]
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}
