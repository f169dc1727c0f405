import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../model/known-error.ts';
import { tail } from './process.ts';
import type { Bench, Step } from './steps.ts';

export interface Proven {
  readonly id: string;
  readonly done: string;
  readonly seconds: number;
}
/** Told what is going on; a terminal shows it, a pipe does not. */
export interface Progress {
  begin(doing: string): void;
  end(done: string, seconds: number): void;
  fail(doing: string): void;
}
export interface Proof extends Omit<Bench, 'log'> {
  readonly steps: readonly Step[];
  readonly progress: Progress;
}

/**
 * Runs steps one after the other. The first that fails throws a `KnownError` (exit code 1) with its name, the end of
 * its output and where all of it is. Logs of steps that hold are removed.
 */
export async function prove({ steps, signal, progress, ...bench }: Proof): Promise<readonly Proven[]> {
  const logs = mkdtempSync(join(tmpdir(), 'create-scalable-backend-'));
  const proven: Proven[] = [];
  let keep = false;
  try {
    for (const step of steps) {
      signal.throwIfAborted();
      const log = join(logs, `${step.id}.log`);
      const limit = AbortSignal.timeout(step.timeoutMs);
      const began = performance.now();
      progress.begin(step.doing);
      try {
        await step.run({ ...bench, log, signal: AbortSignal.any([signal, limit]) });
      } catch (cause) {
        progress.fail(step.doing);
        signal.throwIfAborted();
        keep = true;
        const reason = limit.aborted
          ? `it took longer than ${step.timeoutMs / 60_000} minutes`
          : (cause as Error).message;
        const output = tail(log);
        throw new KnownError(`The step '${step.id}' failed: ${reason}.${output ? `\n\n${output}\n` : ''}`, {
          next: `The files are written; the whole output is in ${log}.`,
          exitCode: 1,
          cause,
        });
      }
      const seconds = (performance.now() - began) / 1000;
      progress.end(step.done, seconds);
      proven.push({ id: step.id, done: step.done, seconds });
    }
    return proven;
  } finally {
    if (!keep) rmSync(logs, { recursive: true, force: true });
  }
}
