import { consumers } from './consumers.ts';
export const ordersModule = { consumers };
