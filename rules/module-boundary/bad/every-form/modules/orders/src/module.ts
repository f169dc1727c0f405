import { catalogContract } from '@shop/catalog/contract';
export const ordersModule = { requires: catalogContract };
