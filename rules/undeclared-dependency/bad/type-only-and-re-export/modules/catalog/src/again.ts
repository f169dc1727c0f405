export * from '@shop/orders/contract';
