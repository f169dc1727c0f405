import '@shop/catalog/src/infra/products.ts';
