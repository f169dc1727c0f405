import { type Static, Type } from '@shop/platform/contract';
import { saga, type SagaStep } from '@shop/platform/module';
import type { Context } from './context.ts';
import { end } from './infra/placements.ts';
import type { Tables } from './infra/tables.ts';

const id = Type.String({ format: 'uuid' });
const placement = Type.Object({
  id,
  quantity: Type.Integer({ minimum: 0 }),
  productId: id,
});
type Placement = Static<typeof placement>;
type Step = SagaStep<Placement, Context>;

/** The quantity of one product, held by the id of what is placed. */
const reserveProduct: Step = {
  run: ({ id: holder, quantity, productId }, { contracts }, call) => {
    const { reserveProduct: reserve } = contracts.catalog;
    return reserve({ id: productId, reservationId: holder, quantity }, call);
  },
  undo: ({ id: holder, productId }, { contracts }, call) => {
    const { releaseProductReservation: release } = contracts.catalog;
    return release({ id: productId, reservationId: holder }, call);
  },
};
const confirmProduct: Step = {
  run: ({ id: holder, productId }, { contracts }, call) => {
    const { confirmProductReservation: confirm } = contracts.catalog;
    return confirm({ id: productId, reservationId: holder }, call);
  },
};

const steps: readonly Step[] = [
  // Every module reserves before anyone confirms: until then all of it can be given back.
  reserveProduct,
  confirmProduct,
];

export const placing = saga<typeof placement, Tables, Context>('place-order', placement, {
  timeoutMs: 60_000,
  steps,
  ended: ({ id }, tx, _, refusal) => end(tx, id, refusal ?? null),
});

export const sagas = [placing];
