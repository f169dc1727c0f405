const base = process.env.USER_URL ?? 'http://localhost:3000';
export const user = (id: string) => fetch(`${base}/users/${id}`, { signal: AbortSignal.timeout(1000) });
