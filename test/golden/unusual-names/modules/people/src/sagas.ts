import { type Static, Type } from '@news-desk/platform/contract';
import { saga, type SagaStep } from '@news-desk/platform/module';
import type { Context } from './context.ts';
import { end } from './infra/placements.ts';
import type { Tables } from './infra/tables.ts';

const id = Type.String({ format: 'uuid' });
const placement = Type.Object({
  id,
  quantity: Type.Integer({ minimum: 0 }),
  newsId: id,
});
type Placement = Static<typeof placement>;
type Step = SagaStep<Placement, Context>;

/** The quantity of one news, held by the id of what is placed. */
const reserveNews: Step = {
  run: ({ id: holder, quantity, newsId }, { contracts }, call) => {
    const { reserveNews: reserve } = contracts.press;
    return reserve({ id: newsId, reservationId: holder, quantity }, call);
  },
  undo: ({ id: holder, newsId }, { contracts }, call) => {
    const { releaseNewsReservation: release } = contracts.press;
    return release({ id: newsId, reservationId: holder }, call);
  },
};
const confirmNews: Step = {
  run: ({ id: holder, newsId }, { contracts }, call) => {
    const { confirmNewsReservation: confirm } = contracts.press;
    return confirm({ id: newsId, reservationId: holder }, call);
  },
};

const steps: readonly Step[] = [
  // Every module reserves before anyone confirms: until then all of it can be given back.
  reserveNews,
  confirmNews,
];

export const placing = saga<typeof placement, Tables, Context>('place-person', placement, {
  timeoutMs: 60_000,
  steps,
  ended: ({ id }, tx, _, refusal) => end(tx, id, refusal ?? null),
});

export const sagas = [placing];
