import { products } from './infra/products.ts';
export const catalogModule = { products };
