import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
export const { products } = require('@shop/catalog/src/infra/products.ts');
