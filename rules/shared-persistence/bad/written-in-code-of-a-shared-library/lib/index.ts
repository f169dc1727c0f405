import pg from 'pg';
const host = 'db';
export const pool = new pg.Pool({ host, port: 5432, database: 'app', user: 'app' });
