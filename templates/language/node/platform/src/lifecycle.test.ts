import { describe, expect, it, vi } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import { createLogger } from './telemetry/logger.ts';

const log = createLogger('silent', 'test');

describe('lifecycle', () => {
  it('says not ready, waits, then closes in reverse order', async () => {
    const lifecycle = createLifecycle({ log, waitMs: 30, deadlineMs: 1_000 });
    const events: string[] = [];
    for (const name of ['database', 'http']) {
      await lifecycle.open(
        name,
        () => name,
        (part) => events.push(`close ${part}`),
      );
    }
    lifecycle.checkReady('database', async () => {});
    expect(await lifecycle.readiness()).toEqual({ ready: true, checks: { database: 'ok' } });
    expect(lifecycle.draining()).toBe(false);
    const stopped = lifecycle.stop();
    expect(await lifecycle.readiness()).toEqual({ ready: false, checks: { database: 'ok' } });
    expect([lifecycle.draining(), events]).toEqual([true, []]);
    await stopped;
    expect([lifecycle.draining(), events]).toEqual([true, ['close http', 'close database']]);
  });

  it('is not ready while a check fails or hangs', async () => {
    vi.useFakeTimers();
    const lifecycle = createLifecycle({ log, waitMs: 0, deadlineMs: 1_000 });
    lifecycle.checkReady('down', () => Promise.reject(new Error('no')));
    lifecycle.checkReady('hangs', () => new Promise(() => {}));
    const readiness = lifecycle.readiness();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await readiness).toEqual({ ready: false, checks: { down: 'failed', hangs: 'failed' } });
    vi.useRealTimers();
  });

  it('closes what was opened when the next part fails, and does not wait for ever for what hangs', async () => {
    const lifecycle = createLifecycle({ log, waitMs: 0, deadlineMs: 20 });
    const close = vi.fn();
    await lifecycle.open('a', () => 1, close);
    await expect(
      lifecycle.open(
        'b',
        () => Promise.reject(new Error('no')),
        () => {},
      ),
    ).rejects.toThrow('no');
    expect(close).toHaveBeenCalledWith(1);
    await lifecycle.open(
      'c',
      () => 1,
      () => new Promise(() => {}),
    );
    await lifecycle.stop();
  });
});
