import { products } from '@shop/catalog/src/infra/products.ts';
products.clear();
