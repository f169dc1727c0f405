import { ordersContract } from '@shop/orders/contract';
export const c = ordersContract;
