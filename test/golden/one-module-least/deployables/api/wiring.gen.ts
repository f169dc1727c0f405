// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.
import { fastifyHttp } from '@tiny/platform/http/fastify';
import { pglite } from '@tiny/platform/db/pglite';
import { postgres } from '@tiny/platform/db/postgres';
import type { Wiring } from '@tiny/platform/host';
import { catalogModule } from '@tiny/catalog/module';

export const wiring = {
  system: 'tiny',
  name: 'api',
  peers: [],
  modules: [catalogModule],
  http: fastifyHttp,
  databases: {
    pglite,
    postgres,
  },
  caches: {},
  buses: {},
} satisfies Wiring;
