import { consume } from '@shop/platform/module';
import { ordersContract } from '@shop/orders/contract';
export const consumers = [consume(ordersContract.events.orderCreated, async () => {})];
