import { problem, Type } from '@shop/platform/contract';
import { job } from '@shop/platform/module';
import type { Transaction } from '@shop/platform/db';
import type { Context, Use } from '../context.ts';
import { catalogContract as contract } from '../contract.ts';
import { list, one } from '../infra/cache.ts';
import { add, type Change, heldBefore, note, reserved, settle } from '../infra/reservations.ts';
import type { Tables } from '../infra/tables.ts';
import { indexProduct } from '../jobs.ts';

/** After this time a caller that neither confirmed nor released is taken for gone. */
const holdMs = 15 * 60_000;
const batch = 100;

/** Takes the quantity now, so that nobody else can have it. Asked again with the same id, it answers the same. */
export function reserve(ctx: Context): Use<'reserveProduct'> {
  const operation = contract.operations.reserveProduct;
  return async ({ id, reservationId, quantity }) => {
    const reservation = { id: reservationId, entity_id: id, quantity, state: 'held' as const };
    const { answer, changed } = await ctx.db.transaction(async (tx) => {
      if (await note(tx, reservation, ctx.clock())) {
        const change = await add(tx, id, -quantity, ctx.clock());
        if (!change) throw problem(operation, 'notEnough');
        await tell(ctx, tx, change);
        return { answer: reservation, changed: true };
      }
      return { answer: await reserved(tx, id, reservationId), changed: false };
    });
    if (!answer || answer.state === 'released') throw problem(operation, 'reservationReleased');
    if (changed) await ctx.cache.invalidate([one(id), list]);
    return { id: reservationId, quantity: answer.quantity, state: answer.state };
  };
}

/** The caller keeps what it reserved. */
export function confirm(ctx: Context): Use<'confirmProductReservation'> {
  const operation = contract.operations.confirmProductReservation;
  return ({ id, reservationId }) =>
    ctx.db.transaction(async (tx) => {
      const found = await reserved(tx, id, reservationId);
      if (!found) throw problem(operation, 'notFound');
      if (found.state === 'released') throw problem(operation, 'reservationReleased');
      await settle(tx, found, 'confirmed');
      return { id: reservationId, quantity: found.quantity, state: 'confirmed' };
    });
}

/** Gives back what was reserved, confirmed or not; a reservation that comes later is refused. */
export function release(ctx: Context): Use<'releaseProductReservation'> {
  return async ({ id, reservationId }) => {
    await giveBack(ctx, id, reservationId);
    return null;
  };
}

async function giveBack(ctx: Context, id: string, reservationId: string): Promise<void> {
  const changed = await ctx.db.transaction(async (tx) => {
    const now = ctx.clock();
    if (await note(tx, { id: reservationId, entity_id: id, quantity: 0, state: 'released' }, now)) return false;
    const found = await reserved(tx, id, reservationId);
    if (!found || found.state === 'released') return false;
    await settle(tx, found, 'released');
    const change = await add(tx, id, found.quantity, now);
    if (change) await tell(ctx, tx, change);
    return change !== undefined;
  });
  if (changed) await ctx.cache.invalidate([one(id), list]);
}

async function tell(ctx: Context, tx: Transaction<Tables>, change: Change): Promise<void> {
  const { id, version } = change;
  await ctx.outbox.publish(tx, contract.events.productUpdated, change);
  await ctx.jobs.enqueue(tx, indexProduct, { id, version });
}

/** Every five minutes. */
export const releaseHeld = job('release-held', Type.Object({}), runReleasing, { cron: '*/5 * * * *' });

async function runReleasing(_: object, ctx: Context): Promise<void> {
  const before = new Date(ctx.clock().getTime() - holdMs);
  const held = await heldBefore(ctx.db.read, before, batch);
  for (const { entity_id, id } of held) await giveBack(ctx, entity_id, id);
  ctx.log.info({ released: held.length }, 'released what nobody confirmed');
}
