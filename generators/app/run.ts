import { Writable } from 'node:stream';
import { createEnv } from 'yeoman-environment';
import type { Work } from '../../src/write/write.ts';
import App from './index.ts';

/** Runs a Yeoman generator in `folder`, silently: progress is told by the program itself. */
export async function runYeoman(folder: string, work: Work, shell: typeof App = App): Promise<void> {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream;
  const environment = createEnv({ cwd: folder, stdout: sink, stderr: sink, skipInstall: true, force: true });
  const generator = await environment.instantiate(shell, {
    generatorOptions: { work, destinationRoot: folder } as never,
  });
  await environment.runGenerator(generator);
}
