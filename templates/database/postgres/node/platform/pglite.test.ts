import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { hold, pglite } from './pglite.ts';

it('gives a folder to one process, names it to others, and is free again when that one is killed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'hold-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const folder = join(root, 'data');
  const program = `const { hold } = await import(${JSON.stringify(new URL('./pglite.ts', import.meta.url).href)});
    await hold(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(holder.stdout, 'data');
    await expect(hold(folder)).rejects.toThrow(
      new RegExp(`in use by process ${holder.pid} since .*: stop it, .*DATABASE_URL`),
    );
  } finally {
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
  const release = await hold(folder);
  await expect(hold(folder)).rejects.toThrow(`process ${process.pid}`);
  release();
});

it('refuses production', async () => {
  const options = { url: undefined, dataDir: tmpdir(), production: true, poolMax: 1, statementTimeoutMs: 1 };
  const opened = pglite({ ...options, log: createLogger('silent', 'test'), metrics: createMetrics() });
  await expect(opened).rejects.toThrow('DATABASE_URL is not set');
});
