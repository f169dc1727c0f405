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
 * Runs steps one after the other, those that may run beside each other at once. The first that fails ends the others and
 * throws a `KnownError` (exit code 1) with its name, the end of its output and where all of it is. Logs of steps that hold
 * are removed.
 */
export async function prove({ steps, signal, progress, ...bench }: Proof): Promise<readonly Proven[]> {
  const logs = mkdtempSync(join(tmpdir(), 'create-scalable-backend-'));
  const proven: Proven[] = [];
  let keep = false;

  async function hold(step: Step, stop: AbortSignal): Promise<Proven> {
    const log = join(logs, `${step.id}.log`);
    const limit = AbortSignal.timeout(step.timeoutMs);
    const began = performance.now();
    try {
      await step.run({ ...bench, log, signal: AbortSignal.any([signal, stop, limit]) });
      return { id: step.id, done: step.done, seconds: (performance.now() - began) / 1000 };
    } catch (cause) {
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
  }

  async function holdAll(group: readonly Step[]): Promise<readonly Proven[]> {
    const failed = new AbortController();
    const open = new Set(group);
    const tell = () => progress.begin([...open].map(({ doing }) => doing).join(', '));
    tell();
    const running = group.map(async (step) => {
      try {
        const held = await hold(step, failed.signal);
        open.delete(step);
        if (failed.signal.aborted) return [];
        progress.end(held.done, held.seconds);
        if (open.size > 0) tell();
        return [held];
      } catch (error) {
        // What the first failure ended fails as well, and says nothing about the system.
        if (failed.signal.aborted) return [];
        progress.fail(step.doing);
        failed.abort(error);
        return [];
      }
    });
    const held = (await Promise.all(running)).flat();
    signal.throwIfAborted();
    keep = failed.signal.aborted;
    failed.signal.throwIfAborted();
    return held;
  }

  try {
    for (const group of grouped(steps)) {
      signal.throwIfAborted();
      proven.push(...(await holdAll(group)));
    }
    return proven;
  } finally {
    if (!keep) rmSync(logs, { recursive: true, force: true });
  }
}

/** Neighbours that may run beside each other, as one group. */
function grouped(steps: readonly Step[]): readonly (readonly Step[])[] {
  return steps.reduce<Step[][]>((groups, step) => {
    const last = groups.at(-1);
    if (step.beside && last?.[0]?.beside) last.push(step);
    else groups.push([step]);
    return groups;
  }, []);
}
