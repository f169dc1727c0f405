import type { ZodType } from 'zod';
import type { FactKind } from './facts.ts';
import type { Confidence, Evidence, NodeId, NodeKind, Reads, System } from './system.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Violation {
  readonly subject: NodeId;
  /** Identity: accepted iff every atom is in the baseline (a multiset); new atoms are new findings. */
  readonly atoms: readonly string[];
  readonly message: string;
  readonly at: readonly [Evidence, ...Evidence[]];
  readonly confidence: Confidence;
  readonly measure?: { readonly value: number; readonly limit: number };
}
/** A pure function from the linked system to violations, with its prose written once. */
export interface Rule<O = unknown> {
  readonly id: string;
  readonly title: string;
  /** Why it stops a system from scaling; shown in `explain`, docs, reports. Ends with a period. */
  readonly why: string;
  /** What to do; ends with a period. */
  readonly fix: string;
  /** Catalogue id and source of the anti-pattern or threshold. */
  readonly source: string;
  readonly severity: Severity;
  readonly presets: readonly ('recommended' | 'strict' | 'review')[];
  /** What `check` may read; the memo key is a digest of these partitions and the options. */
  readonly reads: readonly Reads[];
  /** None of it in the system: "not applicable", never "passed". */
  readonly subject: NodeKind | FactKind;
  readonly options: ZodType<O>;
  /** Its violations depend on more than it reads here, so they are never remembered, nor known for another revision. */
  readonly fresh?: true;
  check(system: System, options: O): Iterable<Violation>;
}
