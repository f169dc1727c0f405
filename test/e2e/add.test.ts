import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activity } from './support/flow.ts';
import { copyOf, defaultSystem, installation, nodeEnv, program } from './support/packages.ts';
import { run, start, stopAll, succeed } from './support/processes.ts';
import { debian, missing, postgres } from './support/services.ts';
import { create, describeSystem, type GeneratedSystem, generate, serve, settings } from './support/system.ts';
import { until } from './support/wait.ts';

afterAll(stopAll);

/** What a person adds, in the order in which a system grows. `long`: names of thirty letters. */
const additions = (long: boolean): readonly (readonly string[])[] => {
  const [verb, task] = long
    ? ['reclassify-and-recalculate-all', 'redistribute-all-the-remainders']
    : ['archive-product', 'send-reminder'];
  return [
    ['operation', 'catalog', verb!.slice(0, 30), '--method', 'POST', '--path', '/products/{id}/archive'],
    ['operation', 'catalog', 'get-summary', '--path', '/summary/{year}', '--yes'],
    ['operation', 'orders', 'cancel-all', '--yes'],
    ['operation', 'orders', 'get-order-price', '--path', '/orders/{id}/price', '--yes'],
    ['consumer', 'catalog', 'orders.order-created'],
    ['job', 'orders', task!.slice(0, 30)],
    [
      'module',
      long ? 'international-billing-services:cross-border-invoice-documents' : 'billing',
      '--uses',
      'orders',
      '--yes',
    ],
  ];
};
const commit = async (dir: string) => {
  await succeed('git', ['add', '--all'], { cwd: dir });
  const who = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.com'];
  await succeed('git', [...who, 'commit', '--quiet', '--allow-empty', '--message', 'mine'], { cwd: dir });
};

describe.each([
  { title: 'the default system', long: false },
  { title: 'names of 30 characters', long: true },
])('$title, worked on and then added to', ({ long }) => {
  let system: GeneratedSystem;
  let add: (...args: readonly string[]) => ReturnType<typeof run>;
  const edits = new Map([
    ['modules/catalog/src/contract.ts', '\n// Ours: what clients rely on.\n'],
    ['modules/catalog/src/consumers.ts', '\n// Ours as well.\n'],
    ['modules/orders/src/jobs.ts', '\n// Nightly work is in here.\n'],
    ['deployables/api/main.ts', '\n// Started by our own supervisor.\n'],
    ['README.md', '\nWhom to call at night: nobody.\n'],
  ]);

  beforeAll(async () => {
    const at = await installation();
    system = long
      ? await generate(at, 'a-system-with-a-thirty-char-na', ['--cache', 'memory'])
      : await describeSystem(await copyOf(await defaultSystem()));
    const create = program(at, 'create-scalable-backend');
    add = (...args) => run(create, ['add', ...args], { cwd: system.dir, env: nodeEnv() });
  }, 600_000);

  test('every addition is written, and passes types, style and boundaries at once', async () => {
    for (const [path, text] of edits) await appendFile(join(system.dir, path), text);
    await commit(system.dir);
    const all = additions(long);
    for (const args of all) {
      // The last one proves itself; the others are proven with it.
      const quick = args === all.at(-1) ? [] : ['--skip-install'];
      const { code, output } = await add(...args, ...quick);
      expect(code, `${args.join(' ')}\n${output}`).toBe(0);
      if (args === all.at(-1)) expect(output).toMatch(/type-checks[\s\S]*lints clean[\s\S]*keeps its boundaries/);
      await commit(system.dir);
    }
    system = await describeSystem(system.dir);
  });

  test('what was edited is still there', async () => {
    for (const [path, text] of edits) expect(await readFile(join(system.dir, path), 'utf8')).toContain(text.trim());
  });

  test('it passes its tests, those of the additions among them', async () => {
    await succeed('npm', ['test'], { cwd: system.dir, env: nodeEnv(), withinMs: 180_000 });
  });

  test('what was added works', async () => {
    const served = await serve(system, await settings());
    const { api } = served;
    const [catalog, orders, billing] = system.modules;
    if (!catalog || !orders || !billing) throw new Error('a module is missing');
    const { id } = await create(system, api, catalog);
    const archived = await api.post(`${catalog.collection}/${id}/archive`, {});
    expect([archived.status, archived.body.id]).toEqual([200, id]);
    await create(system, api, billing);
    await until(
      'catalog saw the order',
      async () => ((await activity(served, 'catalog'))['orders.order-created'] ?? 0) > 0,
    );
    expect((await api.get('/catalog/summary/2026')).body).toMatchObject({ year: '2026', events: expect.any(Number) });
    expect((await served.process.stop()).code).toBe(0);
  });

  test('generated again, nothing changes', async () => {
    const create = program(await installation(), 'create-scalable-backend');
    await commit(system.dir);
    await succeed(create, ['.', '--skip-prove'], { cwd: system.dir, env: nodeEnv() });
    const { output } = await succeed('git', ['status', '--porcelain'], { cwd: system.dir });
    expect(output.trim()).toBe('');
  });

  test('an edited wiring stops a module before anything is written', async () => {
    const wiring = join(system.dir, 'deployables/api/wiring.gen.ts');
    const text = await readFile(wiring, 'utf8');
    await writeFile(wiring, `${text}// mine\n`);
    await commit(system.dir);
    const { code, output } = await add('module', 'stock', '--yes');
    expect([code, output]).toEqual([2, expect.stringContaining('wiring.gen.ts')]);
    expect((await succeed('git', ['status', '--porcelain'], { cwd: system.dir })).output.trim()).toBe('');
    await writeFile(wiring, text);
    await commit(system.dir);
  });
});

const why = missing.postgres();
describe.skipIf(why !== undefined)(`a module moves to a deployable of its own${why ? ` (${why})` : ''}`, () => {
  let system: GeneratedSystem;
  let moves: { readonly module: string; readonly steps: readonly { readonly command?: string }[] }[];
  const program24 = async () => program(await installation(), 'create-scalable-backend');

  beforeAll(async () => {
    system = await describeSystem(await copyOf(await defaultSystem()));
  }, 600_000);

  test('the addition proves itself, and says how the data follows', async () => {
    await commit(system.dir);
    const args = ['add', 'deployable', 'sales', '--hosts', 'orders', '--yes', '--json'];
    const { code, output } = await run(await program24(), args, { cwd: system.dir, env: nodeEnv() });
    expect(code, output).toBe(0);
    const result = JSON.parse(output.slice(output.indexOf('{')));
    expect(result.proven.map(({ id }: { id: string }) => id)).toEqual(['install', 'typecheck', 'lint', 'arch']);
    moves = result.data;
    expect(moves.map(({ module }) => module)).toEqual(['orders']);
  });

  test('every module is still tested in one process', async () => {
    await succeed('npm', ['test'], { cwd: system.dir, env: nodeEnv(), withinMs: 180_000 });
  });

  test('the printed commands bring its data along, and moving back by architecture.yaml restores the system', async () => {
    const [from, to] = [await postgres(), await postgres()];
    // What the old deployable had: written by the system as it was, on the first database.
    await commit(system.dir);
    await succeed('git', ['checkout', '--quiet', 'HEAD~1'], { cwd: system.dir });
    const served = await serve(system, await settings({ DATABASE_URL: from.url }));
    const [catalog, orders] = system.modules;
    if (!catalog || !orders) throw new Error('a module is missing');
    const order = await create(system, served.api, orders);
    const topic = 'orders.order-created';
    await until('the order was seen', async () => ((await activity(served, 'orders'))[topic] ?? 0) === 1);
    await until('the outbox is empty', async () => (await served.api.metric('outbox_pending')) === 0);
    expect((await served.process.stop()).code).toBe(0);
    await succeed('git', ['checkout', '--quiet', '-'], { cwd: system.dir });

    const peers = { SERVICE_SECRET: 'x'.repeat(40), CATALOG_URL: 'http://127.0.0.1:9' };
    const env = nodeEnv({ ...peers, FROM: from.url, TO: to.url });
    env.PATH = `${env.PATH}:${debian[0]}`;
    for (const { command } of moves[0]!.steps.slice(0, -1))
      if (command) await succeed('bash', ['-eu', '-o', 'pipefail', '-c', command], { cwd: system.dir, env });

    const own = await settings({ ...peers, DATABASE_URL: to.url, INTERNAL_PORT: '0' });
    const sales = start('node', ['deployables/sales/main.ts'], { cwd: system.dir, env: own });
    const url = `http://127.0.0.1:${own.PORT}`;
    await until('sales is ready', async () => (await fetch(`${url}/readyz`)).status === 200, { withinMs: 60_000 });
    const token = await succeed('node', ['deployables/sales/main.ts', 'token', '--scope', 'orders:read'], {
      cwd: system.dir,
      env: { ...own, LOG_LEVEL: 'silent' },
    });
    const headers = { authorization: `Bearer ${token.output.trim().split('\n').at(-1)}` };
    const get = async (path: string) =>
      (await fetch(url + path, { headers })).json() as Promise<Record<string, unknown>>;
    expect(await get(`${orders.collection}/${order.id}`)).toMatchObject({ id: order.id, name: order.name });
    expect(await get('/orders/activity')).toMatchObject({ counts: { [topic]: 1 } });
    expect((await sales.stop()).code).toBe(0);

    const yaml = join(system.dir, 'architecture.yaml');
    const before = await succeed('git', ['show', 'HEAD~1:architecture.yaml'], { cwd: system.dir });
    await writeFile(yaml, before.output);
    const { output } = await succeed(await program24(), ['.', '--skip-install'], { cwd: system.dir, env: nodeEnv() });
    expect(output).toContain('orders from sales to api');
    await succeed('git', ['add', '--all'], { cwd: system.dir });
    const compared = ['diff', '--cached', '--stat', 'HEAD~1', '--', '.', ':!package-lock.json'];
    expect((await succeed('git', compared, { cwd: system.dir })).output.trim()).toBe('');
  });
});
