import { list } from '../app/list.ts';

export const product = list[0];
