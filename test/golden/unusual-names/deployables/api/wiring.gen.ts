// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.
import { fastifyHttp } from '@news-desk/platform/http/fastify';
import { pglite } from '@news-desk/platform/db/pglite';
import { postgres } from '@news-desk/platform/db/postgres';
import type { Wiring } from '@news-desk/platform/host';
import { pressModule } from '@news-desk/press/module';
import { peopleModule } from '@news-desk/people/module';
import { a1B2Module } from '@news-desk/a1-b2/module';

export const wiring = {
  system: 'news-desk',
  name: 'api',
  peers: [],
  modules: [pressModule, peopleModule, a1B2Module],
  http: fastifyHttp,
  databases: {
    pglite,
    postgres,
  },
  caches: {},
  buses: {},
} satisfies Wiring;
