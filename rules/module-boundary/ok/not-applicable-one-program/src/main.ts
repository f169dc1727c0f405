import { a } from './a/inside.ts';
export const b = a;
