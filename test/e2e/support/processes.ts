import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}
export interface Running {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  write(text: string): void;
  /** Sends to the process alone. */
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<Exit>;
  /** SIGTERM, then SIGKILL for its whole group after `graceMs`. */
  stop(graceMs?: number): Promise<Exit>;
}
export interface StartOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

const running = new Set<Running>();

/** The environment of tests' children: no terminal colours, nothing of the npm run and the test runner around them. */
export function cleanEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_(cache|registry|cafile))|VITEST|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|INIT_CWD$|(TEST|BASE_URL|DEV|PROD|MODE|SSR)$)/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...extra };
}

/** Starts a program in its own process group, so that stopping it leaves nothing behind. */
export function start(command: string, args: readonly string[], options: StartOptions): Running {
  const child: ChildProcess = spawn(command, args, {
    ...options,
    env: options.env ?? cleanEnv(),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A program that ended reads nothing more; its exit code says why.
  child.stdin?.on('error', () => {});
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const output = () => Buffer.concat(chunks).toString('utf8');
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(self);
      resolve({ code, signal, output: output() });
    });
  });
  const self: Running = {
    pid: child.pid ?? -1,
    output,
    write: (text) => void child.stdin?.write(text),
    kill: (signal) => void child.kill(signal),
    exited,
    async stop(graceMs = 15_000) {
      child.kill('SIGTERM');
      const patience = new AbortController();
      await Promise.race([exited, sleep(graceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
      patience.abort();
      killGroup(self.pid);
      return exited;
    },
  };
  running.add(self);
  return self;
}

/** Stops everything that this file's tests started and did not stop. For `afterAll`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((process) => process.stop(5_000)));
}

function killGroup(pid: number) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Runs a program to its end; a bound in time is the caller's: it ends the whole group. */
export async function run(
  command: string,
  args: readonly string[],
  { withinMs = 300_000, input, ...options }: StartOptions & { withinMs?: number; input?: string },
): Promise<Exit & { readonly ms: number }> {
  const started = performance.now();
  const child = start(command, args, options);
  child.write(input ?? '');
  const timer = setTimeout(() => killGroup(child.pid), withinMs);
  const exit = await child.exited.finally(() => clearTimeout(timer));
  return { ...exit, ms: performance.now() - started };
}

/** Like `run`, and fails with the program's output when it exits with another code than 0. */
export async function succeed(...args: Parameters<typeof run>) {
  const result = await run(...args);
  if (result.code !== 0) {
    const how = result.signal ? `ended by ${result.signal}` : `exit code ${result.code}`;
    throw new Error(`${args[0]} ${args[1].join(' ')}: ${how}\n${result.output.slice(-8_000)}`);
  }
  return result;
}

/** Processes of this machine whose command line or working folder lies in `folder`; Linux only. */
export async function processesIn(folder: string): Promise<string[]> {
  const { readdir, readFile, readlink } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return command !== '' && (command.includes(folder) || cwd === folder || cwd.startsWith(`${folder}/`))
        ? [`${pid} ${command}`]
        : [];
    }),
  );
  return found.flat();
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address) return address.port;
  throw new Error('no free port');
}

/** The first of `count` ports in a row that are all free, below those that the system itself gives away. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const all = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(all.map(isFree))).every(Boolean)) return first;
  }
}
async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
