import { billingContract } from '@shop/billing/contract';
export const price = billingContract;
