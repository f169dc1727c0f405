export const pay = () => fetch('http://billing:3000/payments', { signal: AbortSignal.timeout(500) });
