export { rows } from '../infra/rows.ts';
