export const carts = (id: string) => fetch('http://cart:3000/carts/' + id, { signal: AbortSignal.timeout(1000) });
