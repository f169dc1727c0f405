import { ordersContract } from '@shop/orders/contract';

export const recommend = () => ordersContract.name;
