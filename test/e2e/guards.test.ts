import { afterAll, expect, test } from 'vitest';
import { defaultSystem, folder, nodeEnv } from './support/packages.ts';
import { run, stopAll } from './support/processes.ts';
import { describeSystem, serve, settings } from './support/system.ts';

afterAll(stopAll);
const start = async (env: NodeJS.ProcessEnv) =>
  run('node', ['deployables/api/main.ts'], { cwd: await defaultSystem(), env, withinMs: 30_000 });

test('a second process on the embedded database refuses, naming the first, which goes on serving', async () => {
  const system = await describeSystem(await defaultSystem());
  const data = await folder('data');
  const served = await serve(system, await settings({ DATA_DIR: data }));
  const second = await start(await settings({ DATA_DIR: data }));
  expect(second.code).toBeGreaterThan(0);
  expect(second.output).toContain(String(served.process.pid));
  expect(second.output).toContain('DATABASE_URL');
  expect((await fetch(`${served.api.url}/readyz`)).status).toBe(200);
  expect((await served.process.stop()).code).toBe(0);
});

test('production without configuration refuses, naming every variable', async () => {
  const { code, output } = await start(nodeEnv({ NODE_ENV: 'production', DATA_DIR: await folder('data') }));
  expect(code).toBeGreaterThan(0);
  for (const name of ['DATABASE_URL', 'AUTH_ISSUER', 'AUTH_JWKS_URL', 'OPS_TOKEN']) expect(output).toContain(name);
});

test.each([
  ['PORT', 'eighty'],
  ['CACHE_URL', 'localhost:6379'],
  ['NODE_ENV', 'staging'],
])('%s=%s refuses, naming the variable', async (name, value) => {
  const { code, output } = await start(await settings({ [name]: value }));
  expect(code).toBeGreaterThan(0);
  expect(output).toContain(name);
});
