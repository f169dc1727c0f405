import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { Logger } from './telemetry/logger.ts';

type Check = () => Promise<unknown>;
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}
export interface Lifecycle {
  /** Opens a part of the process; parts close in reverse order. When opening fails, those before it are closed. */
  open<T>(name: string, open: () => T | Promise<T>, close: (part: T) => unknown): Promise<T>;
  /** Adds a check that must pass for the process to take traffic. It gets one second. */
  checkReady(name: string, check: Check): void;
  readiness(): Promise<Readiness>;
  /** True from the first moment of stopping on: answers should end their connections, so that none is open at the close. */
  draining(): boolean;
  /** Not ready, wait, close everything within the deadline. Repeated calls wait for the first. */
  stop(): Promise<void>;
  /** Stops and exits on SIGTERM, SIGINT (0) and uncaught errors (1). */
  trapSignals(): void;
}

/** `waitMs`: from not ready to closing. `deadlineMs`: for closing everything. */
export function createLifecycle(options: { log: Logger; waitMs: number; deadlineMs: number }): Lifecycle {
  const { log, waitMs, deadlineMs } = options;
  const parts: { name: string; close: () => unknown }[] = [];
  const checks = new Map<string, Check>();
  let draining = false;
  let stopped: Promise<void> | undefined;

  async function closeParts(): Promise<void> {
    for (let part = parts.pop(); part; part = parts.pop()) {
      try {
        await part.close();
      } catch (error) {
        log.error({ err: error, part: part.name }, 'could not close');
      }
    }
  }
  async function shutDown(): Promise<void> {
    draining = true;
    log.info({ waitMs }, 'stopping: not ready');
    await pause(waitMs);
    const closed = await Promise.race([closeParts().then(() => true), pause(deadlineMs, false, { ref: false })]);
    if (closed) log.info({}, 'stopped');
    else log.error({ deadlineMs, part: parts.at(-1)?.name }, 'stopped without closing everything');
  }
  const stop = () => {
    stopped ??= shutDown();
    return stopped;
  };
  return {
    stop,
    draining: () => draining,
    async open(name, open, close) {
      try {
        const part = await open();
        parts.push({ name, close: () => close(part) });
        return part;
      } catch (error) {
        await closeParts();
        throw error;
      }
    },
    checkReady: (name, check) => checks.set(name, check),
    async readiness() {
      const results = await Promise.all(
        Array.from(checks, async ([name, check]) => [name, await passes(check)] as const),
      );
      const ready = !draining && results.every(([, ok]) => ok);
      return { ready, checks: Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failed'])) };
    },
    trapSignals() {
      const crash = (error: unknown) => {
        log.fatal({ err: error }, 'uncaught error');
        stop().finally(() => process.exit(1));
      };
      process.on('uncaughtException', crash).on('unhandledRejection', crash);
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        process.once(signal, () => stop().finally(() => process.exit(process.exitCode ?? 0)));
      }
    },
  };
}

/**
 * Resolves in a moment in which the event loop has taken all that had arrived and had next to nothing to do (or after a
 * thousand turns without one): a listener that closes then cuts off no connection that waits to be taken.
 */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    const start = performance.now();
    await turn();
    if (performance.now() - start < 0.1) return;
  }
}

const passes = (check: Check) =>
  Promise.race([check().then(() => true), pause(1_000, false, { ref: false })]).catch(() => false);
