import { parse } from 'pg-connection-string';

export const total = (prices: readonly number[]): number => prices.length + String(parse).length;
