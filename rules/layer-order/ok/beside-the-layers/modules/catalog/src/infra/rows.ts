import { list } from '../app/list.ts';

export const rows = list;
