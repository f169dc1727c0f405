import { spawn, spawnSync } from 'node:child_process';

/** Runs a program on a pseudo-terminal; each step waits for a text and answers it. */
const program = `
import json, os, pty, select, signal, sys
command, steps, limit = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
signal.alarm(limit)
seen, at = b'', 0
while True:
    ready, _, _ = select.select([fd], [], [], 1)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b''
        if not data:
            break
        seen += data
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    while steps and steps[0][0].encode() in seen[at:]:
        wait, send = steps.pop(0)
        at = seen.index(wait.encode(), at) + len(wait.encode())
        os.write(fd, send.encode())
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 200 + os.WTERMSIG(status))
`;

/** Whether this machine can make pseudo-terminals for tests. */
export const hasTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;

export interface Dialogue {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text to wait for, and the keys to send then. */
  readonly steps: readonly (readonly [wait: string, send: string])[];
}
export const keys = { enter: '\r', down: '\u001b[B', space: ' ', interrupt: '\u0003' } as const;

/** Output without escape sequences, and the exit code. Everything is ended after a minute. */
export async function onTerminal({ command, cwd, env = {}, steps }: Dialogue): Promise<{ text: string; code: number }> {
  const child = spawn('python3', ['-c', program, JSON.stringify([command, steps, 60])], {
    cwd,
    env: { ...process.env, TERM: 'xterm', COLUMNS: '160', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (ended) => resolve(ended ?? 1));
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters
  return { text: text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\r/g, ''), code };
}
