import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when nothing of it is left, with the exit code: a signal counts as 1, no such program as 127. */
  readonly ended: Promise<number>;
  /** Ends the program and everything that it started: SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that gets both streams; without it they are this process's own. */
  readonly log?: string;
  /** Whether standard output is also kept, for programs whose output is the result. */
  readonly onOutput?: (text: string) => void;
}

const windows = process.platform === 'win32';

/** Starts a program as the leader of its own group, so that nothing of it outlives `stop`. */
export function launch({ command, args, cwd, env, log, onOutput }: Launch): Started {
  const piped = log !== undefined;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: !windows,
    shell: windows,
    // Standard output is for results: what a system prints while it runs goes beside it.
    stdio: ['ignore', piped ? 'pipe' : 2, piped ? 'pipe' : 2],
  });
  const file = piped ? createWriteStream(log, { flags: 'a' }) : undefined;
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => file?.write(chunk));
  child.stdout?.on('data', (chunk) => onOutput?.(String(chunk)));
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    // What the leader started and left behind would keep the pipes open.
    child.once('exit', () => signalGroup(child, 'SIGKILL'));
    child.once('close', (code) => resolve(code ?? 1));
  });
  const ended = exited.then(async (code) => {
    if (file) await finished(file.end()).catch(() => {});
    for (let waited = 0; waited < 2_000 && signalGroup(child, 0); waited += 20) await sleep(20);
    return code;
  });
  return {
    child,
    ended,
    async stop(graceMs = 10_000) {
      signalGroup(child, 'SIGTERM');
      const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** Whether any process of the group was there to get the signal; 0 only asks. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  if (windows) {
    if (signal !== 0 && child.exitCode === null)
      spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return false;
  }
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The last lines of a log. */
export const tail = (log: string, lines = 30): string => {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
};

/** Variables that npm and npx set for the program that they run; inside another project they would mislead its npm. */
const leaked =
  /^(npm_(package_.*|lifecycle_.*|command|execpath|node_execpath|config_(local_prefix|prefix|global|workspaces?|omit|production|dry_run))|INIT_CWD|NODE_ENV)$/i;

/**
 * The environment of a command in the new project. `without`: settings of the system itself, so that a proof never
 * reaches a database or an issuer that the person's shell happens to point at.
 */
export function cleanEnvironment(
  extra: Readonly<Record<string, string>> = {},
  without: readonly string[] = [],
): NodeJS.ProcessEnv {
  const own = new Set(without.flatMap((name) => [name, `${name}_FILE`]));
  const kept = Object.entries(process.env).filter(([name]) => !leaked.test(name) && !own.has(name));
  return { ...Object.fromEntries(kept), ...extra };
}
