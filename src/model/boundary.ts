import type { Path } from './facts.ts';
import type { Place } from './known-error.ts';

/** What captures of a pattern stand for in one path. */
export type Captures = Readonly<Record<string, string>>;
/** What an import or a call leads to. */
export type BoundaryTarget = { readonly path: Path } | { readonly package: string } | { readonly deployable: string };
export type TargetKind = 'path' | 'package' | 'deployable';

/** One side of a boundary, as its patterns say. */
export interface Side {
  /** The patterns as they were written, for people. */
  readonly text: string;
  /** Of what the patterns speak. */
  readonly kinds: ReadonlySet<TargetKind>;
  matches(target: BoundaryTarget, captures: Captures): boolean;
}
/** A boundary that people stated. `forbid`: no direct dependency; `allowOnly`: no other one; `forbidReach`: not through others either. */
export interface Boundary {
  readonly verb: 'forbid' | 'allowOnly' | 'forbidReach';
  readonly reason: string;
  /** Where it is stated. */
  readonly place: Place;
  /** What it is about, for people. */
  readonly about: string;
  readonly to: Side;
  /** The captures of a file that it is about; undefined for any other file. */
  from(path: Path): Captures | undefined;
}
/** A file's place in a stack of layers. Of a stack, layers with a higher rank may use those with a lower one. */
export interface Layer {
  readonly name: string;
  /** Names of the layers, lowest first. */
  readonly order: readonly string[];
  readonly rank: number;
  /** Files are compared within one stack only: each module has its own. */
  readonly stack: string;
}

/** Whether a boundary is crossed by one step from a file that it is about; how far a chain of them leads is not asked. */
export function crosses(boundary: Boundary, captures: Captures, target: BoundaryTarget): boolean {
  const { verb, to, from } = boundary;
  if (verb !== 'allowOnly') return to.matches(target, captures);
  const [kind] = Object.keys(target) as [TargetKind];
  if (!to.kinds.has(kind) || to.matches(target, captures)) return false;
  // What a boundary is about may always use itself.
  const own = 'path' in target ? from(target.path) : undefined;
  return !own || !Object.entries(captures).every(([name, value]) => own[name] === value);
}

/** Whether a pattern of packages, with a star at its end for anything that begins so, means what is imported. */
export function isPackage(pattern: string, spec: string): boolean {
  if (!pattern.endsWith('*')) return spec === pattern || spec.startsWith(`${pattern}/`);
  return spec.startsWith(pattern.slice(0, -1));
}
