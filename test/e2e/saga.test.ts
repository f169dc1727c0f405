import { afterAll, expect, test } from 'vitest';
import type { Api } from './support/api.ts';
import { defaultSystem } from './support/packages.ts';
import { stopAll } from './support/processes.ts';
import { missing, postgres } from './support/services.ts';
import { describeSystem, developmentToken, type SystemModule, serve, settings } from './support/system.ts';
import { until } from './support/wait.ts';

afterAll(stopAll);

const stock = 80;
const rounds = 3;
const perRound = 40;

test('kill -9 while orders are placed: each gets all of its stock or nothing, and none is sold twice', async ({
  skip,
}) => {
  const why = missing.postgres();
  if (why) skip(why);
  const system = await describeSystem(await defaultSystem());
  const [used, user] = system.modules;
  if (!used || !user?.uses.includes(used.name)) throw new Error('in the default system one module uses the other');
  const database = await postgres();
  const env = await settings({ DATABASE_URL: database.url });
  const token = await developmentToken(system, env);
  let served = await serve(system, env, token);
  const { id: product } = (await served.api.post(used.collection, { name: 'scarce', quantity: stock })).body as {
    id: string;
  };
  const accepted: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = accepted.length;
    const writers = Array.from({ length: 8 }, () => placeSome(served.api, user, `${used.entity}Id`, product, accepted));
    await until('accepted placements', () => accepted.length >= before + perRound + 5 * round, { everyMs: 1 });
    served.process.kill('SIGKILL');
    await served.process.exited;
    await Promise.all(writers);
    served = await serve(system, env, token);
  }
  const states = async () => {
    const answers = await Promise.all(accepted.map((id) => served.api.get(`${user.collection}/${id}/placement`)));
    return answers.map(({ body }) => body.state as string);
  };
  await until('the end of every saga', async () => !(await states()).includes('placing'), {
    withinMs: 120_000,
    everyMs: 1_000,
  });
  const placed = (await states()).filter((state) => state === 'placed').length;
  const left = (await served.api.get(`${used.collection}/${product}`)).body.quantity as number;
  expect(accepted.length).toBeGreaterThan(stock);
  // What was accepted and not acknowledged before a kill was placed too: the client did not hear of it.
  const everything = await all(served.api, user.collection);
  const others = await Promise.all(
    everything
      .filter((id) => !accepted.includes(id))
      .map(async (id) => (await served.api.get(`${user.collection}/${id}/placement`)).body?.state === 'placed'),
  );
  expect(placed + others.filter(Boolean).length + left).toBe(stock);
  expect(placed).toBeGreaterThan(0);
  expect((await served.process.stop()).code).toBe(0);
  await database.process.stop();
});

/** Creates and places orders of one until the system is gone. */
async function placeSome(
  api: Api,
  { collection }: SystemModule,
  reference: string,
  id: string,
  accepted: string[],
): Promise<void> {
  for (;;) {
    try {
      const made = await api.post(collection, { name: 'one', quantity: 1, [reference]: id });
      const { status } = await api.put(`${collection}/${made.body.id}/placement`, {});
      if (status === 202) accepted.push(made.body.id);
    } catch {
      return;
    }
  }
}

async function all(api: Api, collection: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Awaited<ReturnType<Api['get']>> = await api.get(
      `${collection}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    ids.push(...page.body.items.map((item: { id: string }) => item.id));
    cursor = page.body.nextCursor;
  }
  return ids;
}
