import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is neither undefined nor false; fails with what was awaited and the last error. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = 20_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${withinMs} ms${last ? ` (${String(last)})` : ''}`, { cause: last });
    }
    await sleep(everyMs);
  }
}
