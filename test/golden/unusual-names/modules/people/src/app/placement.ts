import { problem } from '@news-desk/platform/contract';
import type { Context, Use } from '../context.ts';
import { peopleContract as contract } from '../contract.ts';
import { begin, placementOf } from '../infra/placements.ts';
import { find } from '../infra/repository.ts';
import { placing } from '../sagas.ts';

/** Answers at once; a saga does the rest. Asked again, it says how far that is. */
export function place(ctx: Context): Use<'placePerson'> {
  const operation = contract.operations.placePerson;
  return ({ id }) =>
    ctx.db.transaction(async (tx) => {
      const entity = await find(tx, id);
      if (!entity) throw problem(operation, 'notFound');
      if (await begin(tx, id)) await ctx.sagas.start(tx, placing, id, entity);
      const { state = 'placing', refusal = null } = (await placementOf(tx, id)) ?? {};
      return { state, refusal };
    });
}

export function getPlacement(ctx: Context): Use<'getPersonPlacement'> {
  const operation = contract.operations.getPersonPlacement;
  return async ({ id }) => {
    const placement = await placementOf(ctx.db.write, id);
    if (!placement) throw problem(operation, 'notFound');
    return { state: placement.state, refusal: placement.refusal };
  };
}
