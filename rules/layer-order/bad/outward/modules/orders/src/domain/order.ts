import { rows } from '../infra/rows.ts';

export const total = (): number => rows.length;
