import { bill } from '../../billing/src/bill.ts';
export const a = bill;
