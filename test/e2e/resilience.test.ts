import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { Api } from './support/api.ts';
import { activity } from './support/flow.ts';
import { defaultSystem } from './support/packages.ts';
import { stopAll } from './support/processes.ts';
import { missing, postgres } from './support/services.ts';
import { describeSystem, developmentToken, type Served, type SystemModule, serve, settings } from './support/system.ts';
import { until } from './support/wait.ts';

afterAll(stopAll);

const first = (modules: readonly SystemModule[]) => {
  const [module] = modules;
  if (!module) throw new Error('the default system has modules');
  return module;
};

test('SIGTERM under load: clients that leave on /readyz 503 see no failed request', async () => {
  const system = await describeSystem(await defaultSystem());
  const module = first(system.modules);
  const { api, process } = await serve(system, await settings({ SHUTDOWN_WAIT_MS: '1000' }));
  const { body } = await api.post(module.collection, { name: 'load', quantity: 1 });
  let serving = true;
  const failures: string[] = [];
  let answered = 0;
  const client = async (worker: number) => {
    while (serving) {
      const write = answered % 10 === worker % 10;
      try {
        const { status } = write
          ? await api.post(module.collection, { name: `load ${worker}`, quantity: 1 })
          : await api.get(`${module.collection}/${body.id}`);
        if (status !== (write ? 201 : 200)) failures.push(`${status}`);
        answered++;
      } catch (error) {
        failures.push(String((error as Error).cause ?? error));
      }
    }
  };
  const balancer = async () => {
    while (serving) {
      if ((await fetch(`${api.url}/readyz`)).status === 503) serving = false;
      await sleep(50);
    }
  };
  const everybody = [...Array.from({ length: 20 }, (_, worker) => client(worker)), balancer()];
  await until('a load of 500 answers', () => answered >= 500, { withinMs: 120_000 });
  process.kill('SIGTERM');
  await Promise.all(everybody);
  expect(failures).toEqual([]);
  const { code, signal } = await process.exited;
  expect([code, signal]).toEqual([0, null]);
});

const rounds = 20;
test('kill -9 during a burst of writes, on the embedded database', async () => {
  await survives({});
});
test('kill -9 during a burst of writes, on PostgreSQL', async ({ skip }) => {
  const why = missing.postgres();
  if (why) skip(why);
  const { url, process } = await postgres();
  await survives({ DATABASE_URL: url });
  await process.stop();
});

/** Every acknowledged write is there, and the event of every write that is there had its effect exactly once. */
async function survives(extra: NodeJS.ProcessEnv): Promise<void> {
  const system = await describeSystem(await defaultSystem());
  const module = first(system.modules);
  const env = await settings(extra);
  const token = await developmentToken(system, env);
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const served = await serve(system, env, token);
    const writers = Array.from({ length: 10 }, () => write(served.api, module, acknowledged));
    // Varied, so that the kill hits different moments of relay and consumers.
    const enough = acknowledged.size + 10 + 7 * (round % 10);
    await until('a burst of writes', () => acknowledged.size >= enough, { withinMs: 60_000, everyMs: 1 });
    served.process.kill('SIGKILL');
    await served.process.exited;
    await Promise.all(writers);
  }

  const served = await serve(system, env, token);
  const stored = await everyId(served.api, module.collection);
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  const effects = async () => (await activity(served, module.name))[`${module.name}.${module.entity}-created`] ?? 0;
  await until('every effect', async () => (await effects()) >= stored.size, { withinMs: 60_000, everyMs: 250 });
  await until('an empty outbox', async () => (await served.api.metric('outbox_pending')) === 0);
  await sleep(1_000);
  expect(await effects()).toBe(stored.size);
  expect((await served.process.stop()).code).toBe(0);
}

/** Writes until the system is gone. */
async function write(api: Api, { collection }: SystemModule, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    try {
      const { status, body } = await api.post(collection, { name: 'burst', quantity: 1 });
      if (status === 201) acknowledged.add(body.id);
    } catch {
      return;
    }
  }
}

async function everyId(api: Api, collection: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor = '';
  do {
    const { status, body }: Awaited<ReturnType<Served['api']['get']>> = await api.get(
      `${collection}?limit=100${cursor}`,
    );
    if (status !== 200) throw new Error(`${collection}: ${status}`);
    for (const { id } of body.items) ids.add(id);
    cursor = body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
  } while (cursor !== '');
  return ids;
}
