import { defineModule } from '@news-desk/platform/module';
import { createBox } from './app/create-box.ts';
import { deleteBox } from './app/delete-box.ts';
import { getActivity } from './app/get-activity.ts';
import { getBox } from './app/get-box.ts';
import { listBoxes } from './app/list-boxes.ts';
import { getPlacement, place } from './app/placement.ts';
import { confirm, release, releaseHeld, reserve } from './app/reservations.ts';
import { updateBox } from './app/update-box.ts';
import { consumers } from './consumers.ts';
import type { Context } from './context.ts';
import { a1B2Contract } from './contract.ts';
import { jobs } from './jobs.ts';
import { requires } from './requires.ts';
import { sagas } from './sagas.ts';

export const a1B2Module = defineModule({
  contract: a1B2Contract,
  requires,
  migrations: new URL('../migrations/', import.meta.url),
  create: (ctx: Context) => ({
    operations: {
      createBox: createBox(ctx),
      getBox: getBox(ctx),
      listBoxes: listBoxes(ctx),
      updateBox: updateBox(ctx),
      deleteBox: deleteBox(ctx),
      reserveBox: reserve(ctx),
      confirmBoxReservation: confirm(ctx),
      releaseBoxReservation: release(ctx),
      placeBox: place(ctx),
      getBoxPlacement: getPlacement(ctx),
      getA1B2Activity: getActivity(ctx),
    },
    consumers,
    jobs: [...jobs, releaseHeld],
    sagas,
  }),
});
