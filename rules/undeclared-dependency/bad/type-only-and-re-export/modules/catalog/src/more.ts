import type { ordersContract } from '@shop/orders/contract';
export type Orders = typeof ordersContract;
