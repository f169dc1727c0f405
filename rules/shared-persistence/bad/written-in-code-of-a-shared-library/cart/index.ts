import { pool } from '@x/lib';
export const find = () => pool.query('select 1');
