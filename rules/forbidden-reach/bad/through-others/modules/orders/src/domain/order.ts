import { total } from './total.ts';

export const order = total;
