import { randomUUID } from 'node:crypto';
import { isProblem, problem } from '@news-desk/platform/contract';
import { pressContract } from '@news-desk/press/contract';
import type { Call } from '@news-desk/platform/module';
import type { Context, Use } from '../context.ts';
import { peopleContract as contract } from '../contract.ts';
import { create } from '../domain/person.ts';
import { list } from '../infra/cache.ts';
import { insert } from '../infra/repository.ts';
import { indexPerson } from '../jobs.ts';
import { present } from './present.ts';

const operation = contract.operations.createPerson;

export function createPerson(ctx: Context): Use<'createPerson'> {
  return async (input, call) => {
    // Other modules are asked before the transaction: while it is open it holds locks, and nothing may wait for them.
    await checkNews(ctx, input.newsId, call);
    const entity = create(input, randomUUID(), ctx.clock());
    if (typeof entity === 'string') throw problem(operation, entity);
    const { id, name, version } = entity;
    await ctx.db.transaction(async (tx) => {
      await insert(tx, entity);
      await ctx.outbox.publish(tx, contract.events.personCreated, { id, name, version });
      await ctx.jobs.enqueue(tx, indexPerson, { id, version });
    });
    await ctx.cache.invalidate([list]);
    return present(entity);
  };
}

async function checkNews(ctx: Context, id: string, call: Call): Promise<void> {
  const { getNews } = pressContract.operations;
  try {
    await ctx.contracts.press.getNews({ id }, call);
  } catch (error) {
    if (!isProblem(error, getNews, 'notFound')) throw error;
    const errors = [{ pointer: '#/newsId', detail: 'does not exist' }];
    throw problem(operation, 'unknownNews', undefined, errors);
  }
}
