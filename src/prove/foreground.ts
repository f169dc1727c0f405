import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, launch } from './process.ts';
import { type Bench, firstRequest, freePort, ready, token } from './steps.ts';

export interface Foreground extends Omit<Bench, 'log'> {
  readonly say: (text: string) => void;
}

/** Runs the system until it ends or the signal comes, and tells how to send the first request. Returns its exit code. */
export async function foreground({ say, ...bench }: Foreground): Promise<number> {
  const { directory, blueprint, signal, settings } = bench;
  const logs = mkdtempSync(join(tmpdir(), 'create-scalable-backend-'));
  const port = await preferred(3000);
  const env = cleanEnvironment({ PORT: String(port), OPS_PORT: String(await preferred(9090)) }, settings);
  const started = launch({ command: 'npm', args: ['start'], cwd: directory, env });
  const stop = () => void started.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const url = `http://127.0.0.1:${port}`;
    await ready(url, started, AbortSignal.any([signal, AbortSignal.timeout(120_000)]));
    const bearer = await token({ ...bench, log: join(logs, 'token.log') }, env);
    const { path, body } = firstRequest(blueprint);
    say(
      [
        '',
        `${blueprint.name} is running at ${url} (documentation: ${url}/docs). Stop it with Ctrl-C.`,
        '',
        `export TOKEN=${bearer}`,
        `curl -X POST ${url}${path} -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${JSON.stringify(body)}'`,
        '',
      ].join('\n'),
    );
    const code = await started.ended;
    return signal.aborted ? 0 : code;
  } catch (error) {
    if (signal.aborted) return 0;
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await started.stop();
    rmSync(logs, { recursive: true, force: true });
  }
}

/** The usual port where it is free, another one otherwise. */
async function preferred(port: number): Promise<number> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
  return free ? port : freePort();
}
