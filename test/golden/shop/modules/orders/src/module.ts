import { defineModule } from '@shop/platform/module';
import { createOrder } from './app/create-order.ts';
import { deleteOrder } from './app/delete-order.ts';
import { getActivity } from './app/get-activity.ts';
import { getOrder } from './app/get-order.ts';
import { listOrders } from './app/list-orders.ts';
import { getPlacement, place } from './app/placement.ts';
import { confirm, release, releaseHeld, reserve } from './app/reservations.ts';
import { updateOrder } from './app/update-order.ts';
import { consumers } from './consumers.ts';
import type { Context } from './context.ts';
import { ordersContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { requires } from './requires.ts';
import { sagas } from './sagas.ts';

export const ordersModule = defineModule({
  contract: ordersContract,
  requires,
  migrations: new URL('../migrations/', import.meta.url),
  create: (ctx: Context) => ({
    operations: {
      createOrder: createOrder(ctx),
      getOrder: getOrder(ctx),
      listOrders: listOrders(ctx),
      updateOrder: updateOrder(ctx),
      deleteOrder: deleteOrder(ctx),
      reserveOrder: reserve(ctx),
      confirmOrderReservation: confirm(ctx),
      releaseOrderReservation: release(ctx),
      placeOrder: place(ctx),
      getOrderPlacement: getPlacement(ctx),
      getOrdersActivity: getActivity(ctx),
    },
    consumers,
    jobs: [...jobs, releaseHeld],
    sagas,
  }),
});
