import { catalogContract } from '@shop/catalog/contract';
export const also = catalogContract;
