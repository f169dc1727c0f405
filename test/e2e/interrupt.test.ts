import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { folder, installation, nodeEnv, program } from './support/packages.ts';
import { processesIn, start, stopAll } from './support/processes.ts';
import { until } from './support/wait.ts';

afterAll(stopAll);
const ctrlC = '\u0003';

/** A command on a pseudo-terminal of util-linux's `script`; what is written to it is typed. */
async function onTerminal(args: readonly string[], cwd: string) {
  const command = [program(await installation(), 'create-scalable-backend'), ...args].join(' ');
  return start('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: nodeEnv({ TERM: 'xterm' }),
  });
}

test('Ctrl-C in the questions: nothing is written', async () => {
  const cwd = await folder('questions');
  const terminal = await onTerminal(['shop'], cwd);
  await until('the first question', () => terminal.output().includes('?'));
  await sleep(300);
  terminal.write(ctrlC);
  const { code, output } = await terminal.exited;
  expect(code).toBe(130);
  expect(output).not.toMatch(/at .+\.js:\d+/);
  expect(await readdir(cwd)).toEqual([]);
  expect(await processesIn(cwd)).toEqual([]);
});

test('Ctrl-C while it writes: everything or nothing', async () => {
  const outcomes = new Set<string>();
  for (const afterMs of [200, 350, 500, 650, 800, 1_000, 1_300]) {
    const cwd = await folder('writing');
    const terminal = await onTerminal(['shop', '--yes', '--skip-install', '--no-git'], cwd);
    await sleep(afterMs);
    terminal.write(ctrlC);
    const { code } = await terminal.exited;
    const files: string[] = await readdir(join(cwd, 'shop'), { recursive: true }).catch(() => []);
    const complete = files.includes('.scalable-backend.lock.json') && files.includes('package.json');
    expect(files.length === 0 || complete, `after ${afterMs} ms (exit code ${code}): ${files.length} files`).toBe(true);
    expect((await readdir(cwd)).filter((name) => name !== 'shop')).toEqual([]);
    outcomes.add(files.length === 0 ? 'nothing' : 'everything');
    expect(await processesIn(cwd)).toEqual([]);
  }
  expect([...outcomes]).toContain('nothing');
});
