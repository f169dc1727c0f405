import type { Key, Loaded } from '../blueprint/load.ts';
import { type Boundary, type BoundaryTarget, crosses } from '../model/boundary.ts';
import type { Place } from '../model/known-error.ts';
import { statedLint } from './suppressions.ts';

export interface ExampleResult {
  /** `<file> > <target>`, as it was written. */
  readonly example: string;
  readonly expected: 'allowed' | 'forbidden';
  /** `not meant`: the boundary is not about that file, so the example proves nothing. */
  readonly found: 'allowed' | 'forbidden' | 'not meant';
  readonly place: Place;
}

/** Judges the examples that boundaries of `architecture.yaml` carry; their files need not exist. */
export function judgeExamples(loaded: Loaded, boundaries: readonly Boundary[]): readonly ExampleResult[] {
  return statedBoundaries(loaded).flatMap(({ stated: { good = [], bad = [] }, folder, key, at }, i) => {
    const judge = (side: 'good' | 'bad') => (example: string, j: number) => {
      const expected = side === 'good' ? ('allowed' as const) : ('forbidden' as const);
      return { example, expected, found: verdict(boundaries[i]!, folder + example), place: at([...key, side, j]) };
    };
    return [...good.map(judge('good')), ...bad.map(judge('bad'))];
  });
}

/** Boundaries as they are written, in the order of the model's: the root's, then those of modules. */
export const statedBoundaries = (loaded: Loaded | undefined) =>
  statedLint(loaded).flatMap(({ lint, within, at }) =>
    (lint.boundaries ?? []).map((stated, i) => ({
      stated,
      folder: within ? `${within.folder}/` : '',
      key: ['lint', 'boundaries', i] satisfies Key,
      at,
    })),
  );

function verdict(boundary: Boundary, example: string): ExampleResult['found'] {
  const [from, to] = example.split(' > ') as [string, string];
  const captures = boundary.from(from);
  if (!captures) return 'not meant';
  return crosses(boundary, captures, targetOf(to)) ? 'forbidden' : 'allowed';
}

function targetOf(text: string): BoundaryTarget {
  const [, kind, name] = /^(package|deployable):(.+)$/.exec(text) ?? [];
  if (name === undefined) return { path: text };
  return kind === 'package' ? { package: name } : { deployable: name };
}
