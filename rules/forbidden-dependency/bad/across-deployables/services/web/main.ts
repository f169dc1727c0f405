import { book } from '../billing/main.ts';

export const pay = () => fetch(`http://billing:3000/payments/${book}`, { signal: AbortSignal.timeout(500) });
