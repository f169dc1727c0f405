export { products } from '@shop/catalog/src/infra/products.ts';
