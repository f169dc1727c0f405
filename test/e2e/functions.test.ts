import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folder, installation, nodeEnv } from './support/packages.ts';
import { freePort, type Running, start, stopAll, succeed } from './support/processes.ts';
import { missing, postgres } from './support/services.ts';
import { developmentToken, type GeneratedSystem, generate } from './support/system.ts';
import { until } from './support/wait.ts';

afterAll(stopAll);
const why = missing.postgres();
const sets = ['catalog', 'orders'];

/** Loads a bundle as Lambda does and answers one request; prints what that took. */
const coldStart = `
const [cpu, began] = [process.cpuUsage(), performance.now()];
const { http } = await import(process.argv[1]);
const requestContext = { http: { method: 'GET', sourceIp: '127.0.0.1' } };
const event = { rawPath: '/readyz', rawQueryString: '', headers: {}, requestContext, isBase64Encoded: false };
const { statusCode } = await http(event);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ statusCode, cpuMs: (user + system) / 1000, wallMs: performance.now() - began }));
process.exit();`;
/** The same work on every machine: what a millisecond of this one is worth. */
const yardstick = `
const cpu = process.cpuUsage();
let text = '';
for (let i = 0; i < 400; i++) text += JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ n, square: n * n })));
const { user, system } = process.cpuUsage(cpu);
console.log((user + system) / 1000 + text.length * 0);`;

describe('a serverless system', () => {
  let system: GeneratedSystem;
  let env: NodeJS.ProcessEnv;
  let local: Running;
  let url: string;
  beforeAll(async () => {
    if (why) return;
    system = await generate(await installation(), 'shop', ['--style', 'serverless']);
    const database = await postgres();
    env = nodeEnv({
      DATABASE_URL: database.url,
      DATA_DIR: await folder('data'),
      AUTH_ISSUER: 'urn:development',
      RATE_LIMIT_RPS: '0',
      LOG_LEVEL: 'warn',
      PORT: String(await freePort()),
    });
    for (const set of sets) await succeed('node', [`deployables/${set}/migrate.ts`], { cwd: system.dir, env });
    await succeed('npm', ['run', 'build'], { cwd: system.dir, env });
    local = start('node', ['deploy/sam/local.ts'], { cwd: system.dir, env });
    url = `http://127.0.0.1:${env.PORT}`;
    await until('the functions answer', async () => (await fetch(`${url}/readyz`)).ok, { withinMs: 60_000 });
  }, 600_000);

  test('passes the HTTP suite of every system, as bundled functions behind a stand-in for AWS', async ({ skip }) => {
    if (why) skip(why);
    const token = await developmentToken(system, env);
    const suite = ['run', 'tests/http', '--project', 'system'];
    const { output } = await succeed(join(system.dir, 'node_modules/.bin/vitest'), suite, {
      cwd: system.dir,
      env: { ...env, BASE_URL: url, TOKEN: token },
      withinMs: 300_000,
    });
    expect(output).toMatch(/Tests .*[1-9]\d* passed/);
    expect(output).not.toContain('failed');
  });

  test('starts cold for at most ten times what a fixed piece of work costs', async ({ skip, annotate }) => {
    if (why) skip(why);
    const aws = { BUS_URL: 'sns://arn:aws:sns:local-1:1:shop.fifo', WORK_QUEUE_URL: 'http://127.0.0.1:9/work' };
    const bundle = join(system.dir, 'deployables/catalog/dist/functions.mjs');
    const run = async (program: string, ...args: string[]) =>
      (
        await succeed('node', ['--input-type=module', '--eval', program, ...args], {
          cwd: system.dir,
          env: { ...env, ...aws },
        })
      ).output;
    const costs: number[] = [];
    for (let i = 0; i < 3; i++) {
      const { statusCode, cpuMs } = JSON.parse((await run(coldStart, bundle)).trim().split('\n').at(-1) ?? '');
      expect(statusCode).toBe(200);
      costs.push(cpuMs / Number((await run(yardstick)).trim()));
    }
    const cost = Math.min(...costs);
    await annotate(`import and first answer: ${cost.toFixed(2)} times the yardstick`);
    expect(cost).toBeLessThan(10);
  });

  test('refuses, by name, what it cannot do without', async ({ skip }) => {
    if (why) skip(why);
    const { DATABASE_URL: _, ...without } = env;
    const bundle = join(system.dir, 'deployables/orders/dist/functions.mjs');
    const process = start('node', [bundle], {
      cwd: system.dir,
      env: { ...without, NODE_ENV: 'production', AUTH_ISSUER: '' },
    });
    const { code, output } = await process.exited;
    expect(code).not.toBe(0);
    for (const name of ['DATABASE_URL', 'BUS_URL', 'WORK_QUEUE_URL', 'AUTH_ISSUER', 'AUTH_JWKS_URL', 'CATALOG_URL'])
      expect(output).toContain(`${name}: is required`);
  });

  test('ends with nothing left running', async ({ skip }) => {
    if (why) skip(why);
    expect((await local.stop()).code).toBe(0);
  });
});
