import { defineModule } from '@shop/platform/module';
import { createProduct } from './app/create-product.ts';
import { deleteProduct } from './app/delete-product.ts';
import { getActivity } from './app/get-activity.ts';
import { getProduct } from './app/get-product.ts';
import { listProducts } from './app/list-products.ts';
import { confirm, release, releaseHeld, reserve } from './app/reservations.ts';
import { updateProduct } from './app/update-product.ts';
import { consumers } from './consumers.ts';
import type { Context } from './context.ts';
import { catalogContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { requires } from './requires.ts';

export const catalogModule = defineModule({
  contract: catalogContract,
  requires,
  migrations: new URL('../migrations/', import.meta.url),
  create: (ctx: Context) => ({
    operations: {
      createProduct: createProduct(ctx),
      getProduct: getProduct(ctx),
      listProducts: listProducts(ctx),
      updateProduct: updateProduct(ctx),
      deleteProduct: deleteProduct(ctx),
      reserveProduct: reserve(ctx),
      confirmProductReservation: confirm(ctx),
      releaseProductReservation: release(ctx),
      getCatalogActivity: getActivity(ctx),
    },
    consumers,
    jobs: [...jobs, releaseHeld],
  }),
});
