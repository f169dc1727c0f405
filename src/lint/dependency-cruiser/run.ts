import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { IConfiguration, ICruiseOptions, IModule, IViolation } from 'dependency-cruiser';
import { addressOf } from '../../home.ts';
import type { Path } from '../../model/facts.ts';
import { KnownError } from '../../model/known-error.ts';
import type { RawImport } from './compat/imports.ts';

/** Who finds and resolves the imports: ours (`compat`), or dependency-cruiser unmodified. Its rules run in either case. */
export type CruiseEngine = 'compat' | 'cruise';

/** Packages that are links from one folder (`to`) into another one (`from`); both absolute and real. */
export interface Installed {
  readonly from: string;
  readonly to: string;
}

export interface CruiseJob {
  readonly engine: CruiseEngine;
  /** Absolute; paths are relative to it. */
  readonly root: string;
  /** Absent: packages are where they are. */
  readonly installed?: Installed;
  /** Arguments of Node.js by which programs run first; only with the person's word. */
  readonly preload?: readonly string[];
  /** Files, folders or globs. */
  readonly paths: readonly Path[];
  /** Whether the graph is wanted as well as what breaks the rules; it is large. */
  readonly graph: boolean;
  /** With the rule set in it; normalised and validated by dependency-cruiser itself. */
  readonly options: ICruiseOptions;
}
export interface Cruised {
  /** Empty unless the graph was asked for. */
  readonly modules: readonly IModule[];
  readonly violations: readonly IViolation[];
  /** Files whose imports the compiler had to find, because our parser does not understand them. */
  readonly fallbacks: readonly Path[];
}
/** The imports of files by dependency-cruiser's own extraction. */
export interface ExtractJob {
  readonly engine: 'extract';
  readonly root: string;
  readonly paths: readonly Path[];
  readonly options: object;
}
/** A configuration that is a program, run: never without the person's word. */
export interface ConfigurationJob {
  readonly engine: 'configuration';
  readonly root: string;
  readonly preload: readonly string[];
  readonly file: Path;
}
export type Job = CruiseJob | ExtractJob | ConfigurationJob;

const child = fileURLToPath(addressOf('src/lint/dependency-cruiser/cruise-child'));

/**
 * Runs dependency-cruiser on a repository, in a process of its own: there `typescript` means the compiler that ts-morph
 * bundles, because dependency-cruiser takes the one beside it, refuses version 7, and then sees no module at all. It runs
 * for as long as a large repository needs, and never writes its cache.
 */
export function runCruise(job: CruiseJob): Cruised {
  return inChild<Cruised>(job);
}
/** What `importsOf` could not read, one process for all of them. */
export function extractByCompiler(root: string, paths: readonly Path[], options: object): Record<Path, RawImport[]> {
  return paths.length === 0 ? {} : inChild({ engine: 'extract', root, paths, options });
}

/** Runs a configuration of a repository that is trusted; with what it extends merged into it. */
export function runConfiguration(root: string, file: Path, preload: readonly string[]): IConfiguration {
  return inChild({ engine: 'configuration', root, file, preload });
}

function inChild<T>(job: Job): T {
  const first = 'preload' in job ? (job.preload ?? []) : [];
  const ran = spawnSync(process.execPath, ['--no-warnings', ...first, child], {
    cwd: job.root,
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  const answer =
    ran.status === 0 ? (JSON.parse(ran.stdout) as { value: T } | { known: string; next: string }) : undefined;
  if (answer && 'value' in answer) return answer.value;
  if (answer) throw new KnownError(answer.known, { next: answer.next });
  throw new KnownError(`dependency-cruiser failed: ${told(ran.stderr)}`, {
    next: 'Run it by itself on the repository to see why: npx depcruise .',
  });
}
/** Of a stack trace, what it is about: an error with all the lines of its message. */
function told(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const begin = lines.findIndex((line) => /^\w*Error\b/.test(line));
  const end = lines.findIndex((line, i) => i > begin && line.startsWith('at '));
  const said = begin === -1 || end === -1 ? lines.slice(-1) : lines.slice(begin, end);
  return said.join(' ') || 'it was stopped';
}
