import { ordersContract } from '@shop/orders/contract';
export const bill = ordersContract;
