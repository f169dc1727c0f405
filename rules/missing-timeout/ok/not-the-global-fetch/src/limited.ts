export const fetch = (url: string) => globalThis.fetch(url, { signal: AbortSignal.timeout(1) });
