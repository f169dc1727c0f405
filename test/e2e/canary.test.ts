import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canarySystem } from './support/canary.ts';
import { exercise } from './support/flow.ts';
import { nodeEnv } from './support/packages.ts';
import { stopAll, succeed } from './support/processes.ts';
import { type GeneratedSystem, serve, settings } from './support/system.ts';

afterAll(stopAll);

describe('a framework is one folder: the system on node:http', () => {
  let system: GeneratedSystem;
  beforeAll(async () => {
    system = await canarySystem();
  }, 300_000);

  test('type-checks', async () => {
    await succeed('npm', ['run', 'typecheck'], { cwd: system.dir, env: nodeEnv() });
  });

  test('passes every suite of a generated system, its own host among them', async () => {
    const { output } = await succeed('npm', ['test'], { cwd: system.dir, env: nodeEnv() });
    expect(output).toContain('node-http.test.ts');
    expect(output).not.toContain('fastify');
  });

  test('serves every module', async () => {
    const served = await serve(system, await settings());
    await exercise(system, served);
    expect((await served.process.stop()).code).toBe(0);
  });
});
