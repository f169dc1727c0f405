// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.
import { fastifyHttp } from '@shop/platform/http/fastify';
import { pglite } from '@shop/platform/db/pglite';
import { postgres } from '@shop/platform/db/postgres';
import { redisCache } from '@shop/platform/cache/redis';
import type { Wiring } from '@shop/platform/host';
import { catalogModule } from '@shop/catalog/module';
import { ordersModule } from '@shop/orders/module';

export const wiring = {
  system: 'shop',
  name: 'api',
  peers: [],
  modules: [catalogModule, ordersModule],
  http: fastifyHttp,
  databases: {
    pglite,
    postgres,
  },
  caches: {
    redis: redisCache,
  },
  buses: {},
} satisfies Wiring;
