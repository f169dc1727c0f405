export const pay = () => fetch('http://orders:3000/orders', { signal: AbortSignal.timeout(500) });
