import { execFile, spawnSync } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end, without a shell and without what test runners add to the environment. */
export function run(command: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  const { NODE_ENV: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env, timeout: 120_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (!error) resolve({ code: 0, output });
      else if (typeof error.code === 'number') resolve({ code: error.code, output });
      else reject(error);
    });
  });
}

export interface Tool {
  readonly command: string;
  readonly absent: boolean;
  /** For the name of a suite: says why it was skipped. */
  readonly note: string;
}

/** A checker that comes from outside npm. Where it is absent, its suite is skipped and says what would install it. */
export function tool(command: string, args: readonly string[], from: string): Tool {
  const { status } = spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 });
  const absent = status !== 0;
  return { command, absent, note: absent ? ` (skipped: no ${command}; ${from})` : '' };
}
