/** What a file `bench/<id>.bench.ts` exports as `bench`. */
export interface Bench {
  readonly title: string;
  /** Why it cannot run here (a server that is missing), or undefined. */
  missing?(): string | undefined;
  run(): Promise<readonly Row[]>;
}
/** One measured number. Ratios are against a peer in the same run, because machines differ. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'x' | 's' | 'ms' | 'us' | 'MiB' | '1/s' | 'count';
  /** Smallest and largest of the rounds. */
  readonly spread?: readonly [number, number];
  /** The budget: at most for times, sizes and ratios; at least for rates. */
  readonly limit?: number;
}

export const within = ({ value, limit, unit }: Row): boolean =>
  limit === undefined || (unit === '1/s' ? value >= limit : value <= limit);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Runs `measure` `rounds` times after a warm-up. */
export async function rounds(count: number, measure: () => Promise<number>): Promise<readonly number[]> {
  await measure();
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push(await measure());
  return values;
}

/**
 * Median of `subject / peer` over pairs measured one after the other, alternating which goes first, so that a noisy
 * minute hits both.
 */
export async function pairedRatio(
  pairs: number,
  subject: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<Pick<Row, 'value' | 'spread'> & { readonly subject: number; readonly peer: number }> {
  const [subjects, peers]: [number[], number[]] = [[], []];
  await subject();
  await peer();
  for (let i = 0; i < pairs; i++) {
    if (i % 2 === 0) subjects.push(await subject());
    peers.push(await peer());
    if (i % 2 === 1) subjects.push(await subject());
  }
  const ratios = subjects.map((value, i) => value / (peers[i] ?? Number.NaN));
  return {
    value: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    subject: median(subjects),
    peer: median(peers),
  };
}
