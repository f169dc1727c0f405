import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Usage {
  readonly wallS: number;
  /** User and system time of the command and the children that it waited for. */
  readonly cpuS: number;
  /** Peak resident memory of the largest of its Node processes. */
  readonly peakMiB: number;
}

/**
 * Runs a Node program and measures it (POSIX: CPU time comes from bash's `time`).
 * Throws when it ends with another status than `status`, by default 0.
 */
export function measure(
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; status?: number },
): Usage {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const memory = join(folder, 'memory');
    const preload = new URL('./memory.mjs', import.meta.url).href;
    const script = 'TIMEFORMAT="%R %U %S"; { time "$@" >/dev/null 2>"$0.err"; } 2>"$0"';
    const times = join(folder, 'times');
    const command = [process.execPath, '--import', preload, ...args];
    const result = spawnSync('bash', ['-c', script, times, ...command], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env, BENCH_MEMORY_FILE: memory },
      stdio: 'ignore',
    });
    if (result.status !== (options.status ?? 0)) {
      throw new Error(`${args.join(' ')} ended with ${result.status}:\n${readFileSync(`${times}.err`, 'utf8')}`);
    }
    const [wallS = Number.NaN, user = Number.NaN, system = Number.NaN] = readFileSync(times, 'utf8')
      .trim()
      .split(' ')
      .map(Number);
    const peaks = readFileSync(memory, 'utf8').trim().split('\n').map(Number);
    return { wallS, cpuS: user + system, peakMiB: Math.max(...peaks) / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
