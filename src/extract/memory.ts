import type { ExtractedFile, Path } from '../model/facts.ts';
import type { Violation } from '../model/rule.ts';
import type { Target } from './language.ts';

/**
 * What earlier runs found out. Each function answers as `compute` would, and calls it where nothing is known or anything
 * that the answer depends on has changed.
 */
export interface Memory {
  /** `whole`: with everything that an outline leaves out. What `compute` does not know yet is `undefined`, and not kept. */
  facts<T extends ExtractedFile | undefined>(path: Path, whole: boolean, compute: () => T): ExtractedFile | T;
  /** Says that somebody asks for the names of a file: from then on they have a say. */
  names(path: Path): void;
  /** Where an import leads: depends on the list of files and on what linking reads of them. */
  target(from: Path, spec: string, compute: () => Target): Target;
  /** What a rule finds with these options: depends on everything that the system was made from. */
  violations(rule: string, options: unknown, compute: () => readonly Violation[]): readonly Violation[];
}
