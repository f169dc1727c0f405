import { median, type Row } from '../bench.ts';
import type { Usage } from './command.ts';

export interface Pairs {
  readonly subject: readonly Usage[];
  readonly peer: readonly Usage[];
}

/** Runs both by turns after a warm-up, each first as often as the other, so that a noisy minute hits both. */
export function inPairs(count: number, subject: () => Usage, peer: () => Usage): Pairs {
  const [subjects, peers]: [Usage[], Usage[]] = [[], []];
  subject();
  peer();
  for (let i = 0; i < count; i++) {
    if (i % 2 === 0) subjects.push(subject());
    peers.push(peer());
    if (i % 2 === 1) subjects.push(subject());
  }
  return { subject: subjects, peer: peers };
}

/** Median of `subject / peer`, pair by pair. */
export function ratio(name: string, { subject, peer }: Pairs, of: (usage: Usage) => number, limit?: number): Row {
  const values = subject.map((each, i) => of(each) / of(peer[i]!));
  return {
    name,
    value: median(values),
    unit: 'x',
    spread: [Math.min(...values), Math.max(...values)],
    ...(limit !== undefined && { limit }),
  };
}

/** Median of one measure. */
export function figure(
  name: string,
  all: readonly Usage[],
  of: (usage: Usage) => number,
  unit: Row['unit'],
  limit?: number,
): Row {
  const values = all.map(of);
  return {
    name,
    value: median(values),
    unit,
    spread: [Math.min(...values), Math.max(...values)],
    ...(limit !== undefined && { limit }),
  };
}

export const cpu = ({ cpuS }: Usage): number => cpuS;
export const wall = ({ wallS }: Usage): number => wallS;
export const peak = ({ peakMiB }: Usage): number => peakMiB;
/** `count` runs after a warm-up. */
export function runs(count: number, run: () => Usage): readonly Usage[] {
  run();
  return Array.from({ length: count }, run);
}
