import { readFileSync } from 'node:fs';

class Interrupted extends Error {}

/** `create-scalable-backend`: ask → blueprint → plan → write → prove. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Interrupted());
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  let written = false;
  try {
    const { parse } = await import('./create/flags.ts');
    const { choices } = await import('../../templates/choices.gen.ts');
    const version = versionOf();
    const given = parse(argv, version, choices);
    if (!given) return 0;
    const running = {
      version,
      signal: interrupt.signal,
      written: () => {
        written = true;
      },
    };
    if ('request' in given) {
      const { run } = await import('./create/add/run.ts');
      return await run({ request: given.request, ...running });
    }
    const { run } = await import('./create/run.ts');
    return await run({ settings: given.settings, ...running });
  } catch (error) {
    if (error instanceof Interrupted || (error as Error).name === 'ExitPromptError') {
      process.stderr.write(
        written ? '\nStopped: the files are written, not all of it is proven.\n' : '\nStopped: nothing was written.\n',
      );
      return 130;
    }
    const { failed } = await import('./output.ts');
    return failed(error, { program: 'create-scalable-backend', asJson: argv.includes('--json') });
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

const versionOf = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
