import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { copyOf, defaultSystem, folder, nodeEnv } from './support/packages.ts';
import { run, stopAll } from './support/processes.ts';
import { missing, postgres } from './support/services.ts';
import { describeSystem, newEntity, serve, settings } from './support/system.ts';
import { until } from './support/wait.ts';

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

test('a contract call inside a transaction throws at once, on every database, and nothing is stored', async ({
  skip,
}) => {
  const system = await describeSystem(await copyOf(await defaultSystem()));
  const module = system.modules.find(({ uses }) => uses.length > 0);
  if (!module) throw new Error('the default system has a module that uses another');
  // The check of the other module moves from before the transaction into it.
  const path = join(system.dir, 'modules', module.name, 'src', 'app', `create-${module.entity}.ts`);
  const text = await readFile(path, 'utf8');
  const [check] = /^ {4}await check\w+\(ctx, .+\);\n/m.exec(text) ?? [];
  if (!check) throw new Error(`${path} has another shape`);
  await writeFile(path, text.replace(check, '').replace(/(?=^ {6}await insert\(tx, entity\);)/m, `  ${check}`));

  const databases: NodeJS.ProcessEnv[] = [{}];
  const why = missing.postgres();
  const real = why ? undefined : await postgres();
  if (real) databases.push({ DATABASE_URL: real.url });
  for (const database of databases) {
    const served = await serve(system, await settings(database));
    const started = performance.now();
    const { status, body } = await served.api.post(module.collection, await newEntity(system, served.api, module));
    expect([status, body.status]).toEqual([500, 500]);
    expect(performance.now() - started).toBeLessThan(5_000);
    await until('the reason in the log', () => served.process.output().includes('inside an open transaction'));
    expect((await served.api.get(module.collection)).body.items).toEqual([]);
    expect((await served.process.stop()).code).toBe(0);
  }
  await real?.process.stop();
  if (why) skip(`the embedded database refuses; PostgreSQL: ${why}`);
});
