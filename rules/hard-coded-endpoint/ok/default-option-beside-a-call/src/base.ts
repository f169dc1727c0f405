export const base = process.env.STOCK_URL ?? 'http://localhost:9000';
