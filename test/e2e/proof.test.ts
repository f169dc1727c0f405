import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultSystem, folder, installation, linkPackages, nodeEnv, program } from './support/packages.ts';
import { processesIn, run, stopAll, succeed } from './support/processes.ts';

afterAll(stopAll);

/** The generator's installation with a change in its templates: what it writes is then broken in one way. */
async function brokenGenerator(change: (templates: string) => Promise<void>): Promise<string> {
  const from = await installation();
  const at = await folder('broken');
  await cp(from, at, { recursive: true, verbatimSymlinks: true });
  await change(join(at, 'node_modules', 'create-scalable-backend', 'templates'));
  return program(at, 'create-scalable-backend');
}
const edit = (path: string, change: (text: string) => string) => async (templates: string) => {
  const file = join(templates, path);
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path}: nothing was planted`);
  await writeFile(file, after);
};
const append = (path: string, text: string) => (templates: string) => appendFile(join(templates, path), text);

const moduleSource = 'language/node/module/src';
const main = 'deployable/server/node/main.ts.hbs';
const plants: readonly { step: string; plant: (templates: string) => Promise<void>; env?: NodeJS.ProcessEnv }[] = [
  {
    step: 'install',
    plant: async () => {},
    env: { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' },
  },
  { step: 'typecheck', plant: append(`${moduleSource}/infra/cursor.ts`, "\nexport const planted: number = 'text';\n") },
  { step: 'lint', plant: append(`${moduleSource}/infra/cursor.ts`, '\nvar planted = 1\nexport { planted }\n') },
  {
    step: 'arch',
    plant: append(main, "\nimport '../../modules/{{deployable.hosts.0.name}}/src/infra/cursor.ts';\n"),
  },
  {
    step: 'test',
    plant: edit(`${moduleSource}/infra/cursor.test.ts`, (text) => text.replace(/\.(toEqual|toBe)\(/, '.not$&')),
  },
  // It starts and is ready, and its first request is refused.
  {
    step: 'start',
    plant: edit(main, (text) => text.replace('await run', "process.env.BODY_LIMIT_BYTES = '1';\nawait run")),
  },
];

describe('a planted failure in a proving step', () => {
  test.each(plants)('$step: exits non-zero, names the step, leaves no process', async ({ step, plant, env }) => {
    const create = await brokenGenerator(plant);
    const cwd = await folder('planted');
    if (step !== 'install') {
      // Written before, so that it has packages and the proof installs what is missing.
      await succeed(create, ['shop', '--yes', '--skip-install'], { cwd, env: nodeEnv() });
      await linkPackages(await defaultSystem(), join(cwd, 'shop'));
    }
    const { code, output } = await run(create, ['shop', '--yes'], { cwd, env: nodeEnv(env), withinMs: 400_000 });
    expect(code, output.slice(-3_000)).toBe(1);
    expect(output).toContain(`The step '${step}' failed`);
    expect(await processesIn(cwd)).toEqual([]);
  });
});

test('from the command to a proven, running system with a cold npm cache', async () => {
  const cwd = await folder('cold');
  const env = nodeEnv({ npm_config_cache: await folder('npm-cache') });
  const create = program(await installation(), 'create-scalable-backend');
  const { code, output, ms } = await run(create, ['shop', '--yes', '--json'], { cwd, env, withinMs: 400_000 });
  expect(code, output.slice(-3_000)).toBe(0);
  const { proven } = JSON.parse(output.slice(output.indexOf('{'))) as { proven: { id: string }[] };
  expect(proven.map(({ id }) => id)).toEqual(['install', 'typecheck', 'lint', 'arch', 'test', 'start']);
  console.log(`command to proven system, cold npm cache: ${(ms / 1000).toFixed(1)} s`);
  expect(ms).toBeLessThan(process.env.CI ? 200_000 : 100_000);
  expect(await processesIn(cwd)).toEqual([]);
});
