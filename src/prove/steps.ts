import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { entityNameOf } from '../blueprint/names.ts';
import type { Blueprint } from '../blueprint/schema.ts';
import { completeLockFile } from './lock-file.ts';
import { cleanEnvironment, launch, type Started } from './process.ts';

export interface Bench {
  readonly directory: string;
  readonly blueprint: Blueprint;
  /** Names of the variables that the system reads; the person's values of them are kept out. */
  readonly settings: readonly string[];
  /** Where this step's output goes. */
  readonly log: string;
  readonly signal: AbortSignal;
}
export interface Step {
  readonly id: string;
  /** What is going on, for the progress line. */
  readonly doing: string;
  /** What is true afterwards, for the summary. */
  readonly done: string;
  readonly timeoutMs: number;
  /** Reads files only and is short or uses one core: it runs at once with its neighbours of that kind. */
  readonly beside?: boolean;
  /** Throws `StepFailed`, or any error, when it is not true. */
  run(bench: Bench): Promise<void>;
}
export class StepFailed extends Error {}

const minutes = (count: number) => count * 60_000;

export const install: Step = {
  id: 'install',
  doing: 'Installing packages',
  done: 'installs',
  timeoutMs: minutes(10),
  run: async (bench) => {
    await npm(bench, ['install', '--no-audit', '--no-fund']);
    completeLockFile(join(bench.directory, 'package-lock.json'));
  },
};

const script = (id: string, doing: string, done: string, beside = false): Step => ({
  id,
  doing,
  done,
  beside,
  timeoutMs: minutes(5),
  run: (bench) => npm(bench, ['run', id]),
});

export const checks: readonly Step[] = [
  script('typecheck', 'Checking types', 'type-checks', true),
  script('lint', 'Linting', 'lints clean', true),
  script('arch', 'Checking the architecture', 'keeps its boundaries', true),
  script('test', 'Running its tests', 'passes its tests'),
  {
    id: 'start',
    doing: 'Starting it and sending the first requests',
    done: 'starts, is ready, and answers an authenticated create and get',
    timeoutMs: minutes(3),
    run: startAndProbe,
  },
];

async function npm({ directory, log, signal, settings }: Bench, args: readonly string[]): Promise<void> {
  const started = launch({ command: 'npm', args, cwd: directory, env: cleanEnvironment({}, settings), log });
  const code = await orAborted(started, signal);
  if (code === 127) throw new StepFailed('npm could not be started: is it on the PATH?');
  if (code !== 0) throw new StepFailed(`npm ${args.join(' ')} ended with code ${code}`);
}

async function orAborted(started: Started, signal: AbortSignal): Promise<number> {
  const stop = () => void started.stop(2_000);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const code = await started.ended;
    signal.throwIfAborted();
    return code;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A system that is running for a first look. */
export interface Running {
  readonly started: Started;
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** Waits until `/readyz` answers 200. */
export async function ready(url: string, started: Started, signal: AbortSignal): Promise<void> {
  let code: number | undefined;
  void started.ended.then((ended) => {
    code = ended;
  });
  let last = 'it does not listen';
  for (;;) {
    if (signal.aborted) throw new StepFailed(`it was not ready in time: ${last}`);
    if (code !== undefined) throw new StepFailed(`it ended with code ${code} before it was ready`);
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.status === 200) return;
      last = `/readyz answers ${response.status}`;
    } catch {
      // Not listening yet.
    }
    await sleep(100, undefined, { signal }).catch(() => {});
  }
}

/** A token of the development issuer, as `npm run token` prints it. */
export async function token(bench: Bench, env: NodeJS.ProcessEnv): Promise<string> {
  let text = '';
  const started = launch({
    command: 'npm',
    args: ['run', '--silent', 'token'],
    cwd: bench.directory,
    env,
    log: bench.log,
    onOutput: (chunk) => {
      text += chunk;
    },
  });
  const code = await orAborted(started, bench.signal);
  const found = /[\w-]+\.[\w-]+\.[\w-]+/.exec(text)?.[0];
  if (code !== 0 || !found) throw new StepFailed(`npm run token printed no token (code ${code})`);
  return found;
}

/** The first thing that a client can do: create one entity of a module that needs no other. */
export function firstRequest({ modules }: Blueprint): { readonly path: string; readonly body: object } {
  const module = modules.find(({ uses }) => uses.length === 0) ?? modules[0];
  if (!module) throw new Error('The blueprint has no module.');
  return { path: `/${module.name}/${entityNameOf(module.entity).plural}`, body: { name: 'first', quantity: 1 } };
}

async function startAndProbe(bench: Bench): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'create-scalable-backend-data-'));
  try {
    const [port, ops] = [await freePort(), await freePort()];
    const own = {
      HOST: '127.0.0.1',
      PORT: String(port),
      OPS_PORT: String(ops),
      DATA_DIR: dataDir,
      SHUTDOWN_WAIT_MS: '0',
    };
    const env = cleanEnvironment(own, bench.settings);
    const { directory, log, signal, blueprint } = bench;
    const started = launch({ command: 'npm', args: ['start'], cwd: directory, env, log });
    try {
      const url = `http://127.0.0.1:${port}`;
      await ready(url, started, signal);
      const bearer = await token(bench, env);
      await createAndGet(url, bearer, firstRequest(blueprint), signal);
    } finally {
      await started.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function createAndGet(
  url: string,
  bearer: string,
  { path, body }: ReturnType<typeof firstRequest>,
  signal: AbortSignal,
): Promise<void> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'idempotency-key': 'first' };
  const within = () => AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const created = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body), signal: within() });
  if (created.status !== 201)
    throw new StepFailed(`POST ${path} answered ${created.status}: ${(await created.text()).slice(0, 500)}`);
  const { id } = (await created.json()) as { id?: unknown };
  const got = await fetch(`${url}${path}/${id}`, {
    headers: { authorization: headers.authorization },
    signal: within(),
  });
  if (got.status !== 200)
    throw new StepFailed(`GET ${path}/${id} answered ${got.status}: ${(await got.text()).slice(0, 500)}`);
  const found = (await got.json()) as { id?: unknown };
  if (found.id !== id) throw new StepFailed(`GET ${path}/${id} answered another entity`);
}
