import { find } from 'user';
export const a = find;
