import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cpuOfEnded } from './support/cpu.ts';
import { exercise } from './support/flow.ts';
import { defaultSystem, installation, nodeEnv } from './support/packages.ts';
import { run, stopAll, succeed } from './support/processes.ts';
import { describeSystem, type GeneratedSystem, generate, serve, settings } from './support/system.ts';

afterAll(stopAll);

interface Case {
  readonly title: string;
  readonly make: () => Promise<GeneratedSystem>;
  /** Whether `proof.test.ts` has the program itself run its scripts. */
  readonly proven?: boolean;
}
const systems: readonly Case[] = [
  { title: 'the default', make: async () => describeSystem(await defaultSystem()), proven: true },
  {
    title: 'unusual names',
    make: async () =>
      generate(await installation(), 'x2', [
        '--modules',
        'user-profile:contact-detail,a1b:x9',
        '--uses',
        'a1b:user-profile',
      ]),
  },
  {
    title: 'a diamond with names of 30 characters',
    make: async () => {
      const [long, other] = ['customer-relationship-managers', 'warehouse-inventory-reservatio'];
      const modules = `base:item,${long}:${other},side:thing,top:summary`;
      const uses = ['--uses', `${long}:base`, '--uses', 'side:base', '--uses', `top:${long}`, '--uses', 'top:side'];
      return generate(await installation(), 'a-system-with-a-thirty-char-na', ['--modules', modules, ...uses]);
    },
  },
];

describe.each(systems)('$title', ({ make, proven = false }) => {
  let system: GeneratedSystem;

  test('is generated and installs', async () => {
    system = await make();
    expect(system.modules.length).toBeGreaterThan(1);
  });

  test.each(proven ? [] : ['typecheck', 'lint', 'arch'])('npm run %s', async (script) => {
    await succeed('npm', ['run', script], { cwd: system.dir, env: nodeEnv() });
  });

  test.each(proven ? [] : ['npm test'])('%s: at most 30 seconds', async () => {
    // In a pipeline another file works on the same cores: there it is their time that counts.
    const now = async () => (process.env.CI ? cpuOfEnded() : performance.now());
    const before = await now();
    await succeed('npm', ['test'], { cwd: system.dir, env: nodeEnv() });
    expect((await now()) - before).toBeLessThan(process.env.CI ? 60_000 : 30_000);
  });

  test('serves every module on its embedded database', async () => {
    const served = await serve(system, await settings());
    await exercise(system, served);
    const { code } = await served.process.stop();
    expect(code).toBe(0);
  });

  test('a deep import into another module fails at run time too', async () => {
    const [first, second] = system.modules;
    const deep = `import('@${system.name}/${first?.name}/src/infra/tables.ts')`;
    const { code, output } = await run('node', ['--input-type=module', '-e', `await ${deep}`], {
      cwd: join(system.dir, 'modules', second?.name ?? ''),
      env: nodeEnv(),
    });
    expect(code).not.toBe(0);
    expect(output).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
