export { pool } from '@x/lib';
