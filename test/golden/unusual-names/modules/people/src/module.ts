import { defineModule } from '@news-desk/platform/module';
import { createPerson } from './app/create-person.ts';
import { deletePerson } from './app/delete-person.ts';
import { getActivity } from './app/get-activity.ts';
import { getPerson } from './app/get-person.ts';
import { listPeople } from './app/list-people.ts';
import { getPlacement, place } from './app/placement.ts';
import { confirm, release, releaseHeld, reserve } from './app/reservations.ts';
import { updatePerson } from './app/update-person.ts';
import { consumers } from './consumers.ts';
import type { Context } from './context.ts';
import { peopleContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { requires } from './requires.ts';
import { sagas } from './sagas.ts';

export const peopleModule = defineModule({
  contract: peopleContract,
  requires,
  migrations: new URL('../migrations/', import.meta.url),
  create: (ctx: Context) => ({
    operations: {
      createPerson: createPerson(ctx),
      getPerson: getPerson(ctx),
      listPeople: listPeople(ctx),
      updatePerson: updatePerson(ctx),
      deletePerson: deletePerson(ctx),
      reservePerson: reserve(ctx),
      confirmPersonReservation: confirm(ctx),
      releasePersonReservation: release(ctx),
      placePerson: place(ctx),
      getPersonPlacement: getPlacement(ctx),
      getPeopleActivity: getActivity(ctx),
    },
    consumers,
    jobs: [...jobs, releaseHeld],
    sagas,
  }),
});
