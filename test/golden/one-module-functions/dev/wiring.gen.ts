// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.
import { fastifyHttp } from '@shop/platform/http/fastify';
import { pglite } from '@shop/platform/db/pglite';
import { postgres } from '@shop/platform/db/postgres';
import { redisCache } from '@shop/platform/cache/redis';
import { sns } from '@shop/platform/bus/sns';
import type { Wiring } from '@shop/platform/host';
import { catalogModule } from '@shop/catalog/module';

export const wiring = {
  system: 'shop',
  name: 'dev',
  peers: [],
  modules: [catalogModule],
  http: fastifyHttp,
  databases: {
    pglite,
    postgres,
  },
  caches: {
    redis: redisCache,
  },
  buses: {
    sns,
  },
} satisfies Wiring;
