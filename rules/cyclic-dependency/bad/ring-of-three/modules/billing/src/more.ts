import { ordersContract } from '@shop/orders/contract';
export const more = ordersContract;
