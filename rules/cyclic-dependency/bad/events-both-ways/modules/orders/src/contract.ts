import { defineContract, event } from '@shop/platform/contract';
export const ordersContract = defineContract('orders', { operations: {}, events: { orderCreated: event({ version: 1 }) } });
