import { total } from '../domain/order.ts';

export const place = (): number => total([1]);
