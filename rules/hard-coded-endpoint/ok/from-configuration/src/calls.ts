const base = process.env.CATALOG_URL ?? 'http://localhost:3001';
const { USER_URL = 'http://127.0.0.1:3002' } = process.env;
export const a = () => fetch(`${base}/x`, { signal: AbortSignal.timeout(1) });
export const b = () => fetch(`${USER_URL}/x`, { signal: AbortSignal.timeout(1) });
