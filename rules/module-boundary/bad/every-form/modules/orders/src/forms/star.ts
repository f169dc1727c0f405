export * from '@shop/catalog/src/infra/products.ts';
