import type { Gap, Path, Span } from '../model/facts.ts';
import type { Rule, Severity, Violation } from '../model/rule.ts';
import type { Confidence, Evidence, NodeId } from '../model/system.ts';
import type { Unread } from './unread.ts';

/** A violation after severity, suppressions and baseline. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly subject: NodeId;
  readonly message: string;
  readonly atoms: readonly string[];
  readonly at: readonly [Evidence, ...Evidence[]];
  readonly measure?: Violation['measure'];
  /** Whether it makes the run fail: severe and sure enough. */
  readonly fails: boolean;
  /** Atoms that the baseline does not accept, of a finding that it accepts in part. */
  readonly added?: readonly string[];
  /** The module of its first place. */
  readonly module?: string;
  /** As CODEOWNERS says, of its first place. */
  readonly owners?: readonly string[];
}
export interface Settled {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly (Finding & { readonly reason: string })[];
  /** Accepted by the baseline. */
  readonly accepted: readonly Finding[];
}
export interface RuleResult {
  readonly rule: Pick<Rule, 'id' | 'title' | 'why' | 'fix' | 'source'>;
  /** How many subjects the rule had; 0: not applicable. */
  readonly subjects: number;
  readonly findings: number;
}
/** A gap with what follows from it. */
export interface JudgedGap extends Gap {
  /** Makes the run fail (exit 2): it is in a production file and nobody accepted it. */
  readonly blocks: boolean;
  readonly accepted?: { readonly reason: string; readonly until: string };
}
export interface Coverage {
  /** Files that `lint.ignore` leaves out. */
  readonly ignored: number;
  readonly files: { readonly seen: number; readonly read: number; readonly parsed: number; readonly owned: number };
  readonly imports: { readonly seen: number; readonly resolved: number };
  /** Code in languages that no extractor reads. */
  readonly unread: readonly Unread[];
  /** Whether `architecture.yaml` said what the modules are, or they were inferred. */
  readonly declared: boolean;
  readonly modules: number;
  readonly deployables: number;
  readonly rules: readonly RuleResult[];
  readonly gaps: readonly JudgedGap[];
}
export interface Report extends Settled {
  readonly coverage: Coverage;
  /** Said when there are more warnings than `--max-warnings`, or a module's own limit, allows. */
  readonly exceeded?: string;
  /** Why nothing could be concluded; empty for a run that checked what it should. */
  readonly problems: readonly string[];
  /** 0: clean, 1: findings that fail, 2: could not check. */
  readonly exitCode: 0 | 1 | 2;
  source(path: Path): string;
  /** A file as atoms name it. */
  place(path: Path): string;
  /** What would repair a finding safely: another text in a span of its file. Absent: nobody asked. */
  readonly fixes?: ReadonlyMap<Finding, { readonly span: Span; readonly text: string }>;
  /** The commit whose findings are left out, and how many those are. */
  readonly since?: { readonly commit: string; readonly known: number };
}
