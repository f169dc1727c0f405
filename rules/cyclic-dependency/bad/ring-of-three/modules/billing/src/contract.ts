export const billingContract = { name: 'billing' };
