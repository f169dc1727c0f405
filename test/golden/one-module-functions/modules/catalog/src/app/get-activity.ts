import type { Context, Use } from '../context.ts';
import { counts } from '../infra/activity.ts';

export function getActivity(ctx: Context): Use<'getCatalogActivity'> {
  return async () => ({ counts: await counts(ctx.db.read) });
}
