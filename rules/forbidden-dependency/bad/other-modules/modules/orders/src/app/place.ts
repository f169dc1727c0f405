import { list } from '../../../catalog/src/app/list.ts';
import { total } from '../domain/order.ts';

export const place = (): number => total([list.length]);
