import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Target {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** The system at BASE_URL, for which TOKEN needs every scope, or one that is started for this run. */
export function openTarget(): Promise<Target> {
  const { BASE_URL, TOKEN } = process.env;
  if (!BASE_URL) return start();
  if (!TOKEN) throw new Error('TOKEN: is required with BASE_URL, and needs every scope');
  return Promise.resolve({ url: BASE_URL, token: TOKEN, stop: async () => {} });
}

async function start(): Promise<Target> {
  const dataDir = await mkdtemp(join(tmpdir(), 'load-'));
  const [port, opsPort] = [await freePort(), await freePort()];
  const own = { HOST: '127.0.0.1', RATE_LIMIT_RPS: '0', LOG_LEVEL: 'warn', SHUTDOWN_WAIT_MS: '0', DATA_DIR: dataDir };
  const env = { ...process.env, ...own, PORT: String(port), OPS_PORT: String(opsPort) };
  const child = spawn(process.execPath, argumentsOf('start'), { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await ready(url, () => child.exitCode !== null);
    const { stdout } = await promisify(execFile)(process.execPath, argumentsOf('token'), { env });
    return { url, token: stdout.trim(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What `npm run <script>` gives to node. */
function argumentsOf(script: 'start' | 'token'): string[] {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.scripts[script].split(' ').slice(1);
}

async function ready(url: string, dead: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && !dead()) {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(dead() ? 'The system did not start.' : 'The system was not ready in a minute.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
