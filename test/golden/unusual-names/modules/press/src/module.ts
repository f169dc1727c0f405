import { defineModule } from '@news-desk/platform/module';
import { createNews } from './app/create-news.ts';
import { deleteNews } from './app/delete-news.ts';
import { getActivity } from './app/get-activity.ts';
import { getNews } from './app/get-news.ts';
import { listNewsItems } from './app/list-news-items.ts';
import { confirm, release, releaseHeld, reserve } from './app/reservations.ts';
import { updateNews } from './app/update-news.ts';
import { consumers } from './consumers.ts';
import type { Context } from './context.ts';
import { pressContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { requires } from './requires.ts';

export const pressModule = defineModule({
  contract: pressContract,
  requires,
  migrations: new URL('../migrations/', import.meta.url),
  create: (ctx: Context) => ({
    operations: {
      createNews: createNews(ctx),
      getNews: getNews(ctx),
      listNewsItems: listNewsItems(ctx),
      updateNews: updateNews(ctx),
      deleteNews: deleteNews(ctx),
      reserveNews: reserve(ctx),
      confirmNewsReservation: confirm(ctx),
      releaseNewsReservation: release(ctx),
      getPressActivity: getActivity(ctx),
    },
    consumers,
    jobs: [...jobs, releaseHeld],
  }),
});
