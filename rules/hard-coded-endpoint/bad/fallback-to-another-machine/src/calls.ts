const base = process.env.CATALOG_URL || 'http://10.0.0.7:8080';
export const a = () => fetch(base, { signal: AbortSignal.timeout(1) });
