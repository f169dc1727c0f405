import { defineContract, event } from '@shop/platform/contract';
export const catalogContract = defineContract('catalog', { operations: {}, events: { productCreated: event({ version: 1 }), productDeleted: event({ version: 1 }) } });
