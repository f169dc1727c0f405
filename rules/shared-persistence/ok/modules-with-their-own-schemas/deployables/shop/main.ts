import { ordersModule } from '@shop/orders/module';
export const wiring = [ordersModule];
