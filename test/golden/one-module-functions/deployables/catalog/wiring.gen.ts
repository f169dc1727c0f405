// Printed from architecture.yaml: which modules run here and which adapters they may use. Do not edit.
import { postgres } from '@shop/platform/db/postgres';
import { redisCache } from '@shop/platform/cache/redis';
import { sns } from '@shop/platform/bus/sns';
import type { FunctionsWiring } from '@shop/platform/functions';
import { catalogContract } from '@shop/catalog/contract';
import { catalogModule } from '@shop/catalog/module';

export const wiring = {
  system: 'shop',
  name: 'catalog',
  peers: [],
  modules: [catalogModule],
  contracts: [catalogContract],
  databases: {
    postgres,
  },
  caches: {
    redis: redisCache,
  },
  buses: {
    sns,
  },
} satisfies FunctionsWiring;
