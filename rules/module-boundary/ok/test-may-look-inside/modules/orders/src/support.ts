import { products } from '../../catalog/src/infra/products.ts';
export const reset = () => products.clear();
