import { total } from '../domain/order.ts';

export const place = (prices: readonly number[]): number => total(prices);
