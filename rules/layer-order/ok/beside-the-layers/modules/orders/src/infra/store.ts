import { place } from '../app/place.ts';

export const store = (prices: readonly number[]): number => place(prices);
