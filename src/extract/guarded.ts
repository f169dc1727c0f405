import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { addressOf } from '../home.ts';
import type { ExtractedFile, Gap, Path } from '../model/facts.ts';
import type { Language, Recogniser, Source } from './language.ts';
import { textOf } from './workspace/text.ts';

/** A file that might bring its parser down, or keep it busy. */
export interface Risky extends Source {
  readonly language: Language;
  readonly recognisers: readonly Recogniser[];
  readonly whole: boolean;
  /** Why it is read with care. */
  readonly reason: string;
}
/** What a child process is told, in one line of JSON, before the bytes of all files. */
export interface Order {
  /** CPU time that one file may take; a busy machine takes nothing away from it. */
  readonly limitMs: number;
  readonly files: readonly {
    readonly language: string;
    readonly path: Path;
    readonly recognisers: readonly string[];
    readonly whole: boolean;
    readonly bytes: number;
  }[];
}
/** Said by a child in the place of facts, before it ends itself. */
export const SLOW = 'slow';

export interface Limits {
  /** CPU time for one file. */
  readonly fileMs: number;
  /** How many files may take longer, until no further one is tried. */
  readonly slowFiles: number;
  /** Time for all of them together. */
  readonly allMs: number;
}
const limits: Limits = { fileMs: 2000, slowFiles: 10, allMs: 60_000 };

const child = fileURLToPath(addressOf('src/extract/guarded-child'));

/**
 * Reads risky files in child processes: many in one, each answered as it is done. A file that ends its process, or takes
 * too long, is a gap; what comes behind it is read in a new one. The limits hold for all that one reader is given, so that
 * no folder holds a run for hours.
 */
export function riskyReader({ fileMs, slowFiles, allMs }: Limits = limits) {
  let slow = 0;
  let spentMs = 0;
  const enough = (): string | undefined =>
    slow >= slowFiles
      ? `${slow} files took too long before it`
      : spentMs >= allMs
        ? `such files took ${Math.round(spentMs / 1000)} s before it`
        : undefined;
  /** Facts in the order of the files. */
  return (files: readonly Risky[]): readonly ExtractedFile[] => {
    const found: ExtractedFile[] = [];
    while (found.length < files.length) {
      const left = files.slice(found.length);
      const stop = enough();
      if (stop !== undefined) {
        found.push(...left.map((file) => gap(file, 'too-slow', `not read, because ${stop}`)));
        break;
      }
      const started = performance.now();
      const { facts, ended } = readTogether(left, fileMs, allMs - spentMs);
      spentMs += performance.now() - started;
      found.push(...facts);
      const culprit = left[facts.length];
      if (!culprit) continue;
      if (ended === 'slow') slow++;
      found.push(
        ended === 'slow'
          ? gap(culprit, 'too-slow', 'reading it took too long')
          : gap(culprit, 'too-deep', 'reading it failed'),
      );
    }
    return found;
  };
}

/** Facts of the first files, up to one that ended the process or took too long, if there is one. */
function readTogether(files: readonly Risky[], limitMs: number, timeout: number) {
  const order: Order = {
    limitMs,
    files: files.map(({ language, path, recognisers, whole, bytes }) => ({
      language: language.id,
      path,
      recognisers: recognisers.map(({ id }) => id),
      whole,
      bytes: bytes.length,
    })),
  };
  const { stdout, error } = spawnSync(process.execPath, ['--no-warnings', child], {
    input: Buffer.concat([Buffer.from(`${JSON.stringify(order)}\n`), ...files.map(({ bytes }) => bytes)]),
    timeout: Math.max(1, Math.ceil(timeout)),
    killSignal: 'SIGKILL',
    maxBuffer: 512 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // What is behind the last line end is half an answer.
  const lines = (stdout ?? '').toString('utf8').split('\n').slice(0, -1);
  const timedOut = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
  const ended = lines.at(-1) === SLOW || timedOut ? ('slow' as const) : ('failed' as const);
  const facts = lines.filter((line) => line !== SLOW).map((line) => JSON.parse(line) as ExtractedFile);
  return { facts: facts.map((each, i) => withUnasked(each, files[i]!)), ended };
}

/** The child does not know what somebody else added: what that might have seen is not passed over. */
function withUnasked(facts: ExtractedFile, { recognisers, bytes, reason }: Risky): ExtractedFile {
  const unasked = recognisers.filter((each) => each.added && mayMatch(each, bytes));
  const gaps = unasked.map(({ id }): Gap => {
    return { path: facts.path, why: 'unsupported', detail: `${reason}; the recogniser '${id}' was not asked` };
  });
  return gaps.length === 0 ? facts : { ...facts, gaps: [...facts.gaps, ...gaps] };
}

function mayMatch({ when: { imports = [], text } }: Recogniser, bytes: Uint8Array): boolean {
  const content = textOf(bytes);
  return imports.some((name) => content.includes(name)) || text?.test(content) === true;
}

const gap = ({ path, reason }: Risky, why: 'too-deep' | 'too-slow', what: string): ExtractedFile => ({
  path,
  functions: [],
  facts: [],
  names: [],
  gaps: [{ path, why, detail: `${reason}; ${what}` }],
});
