import type { billingContract } from '@shop/billing/contract';
export type B = typeof billingContract;
