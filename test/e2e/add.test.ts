import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activity } from './support/flow.ts';
import { copyOf, defaultSystem, installation, nodeEnv, program } from './support/packages.ts';
import { run, stopAll, succeed } from './support/processes.ts';
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

  test.each(['typecheck', 'lint', 'arch', 'test'])('npm run %s', async (script) => {
    await succeed('npm', ['run', script], { cwd: system.dir, env: nodeEnv(), withinMs: 180_000 });
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
