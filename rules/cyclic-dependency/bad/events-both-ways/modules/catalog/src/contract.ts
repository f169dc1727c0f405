import { defineContract, event } from '@shop/platform/contract';
export const catalogContract = defineContract('catalog', { operations: {}, events: { productDeleted: event({ version: 1 }) } });
