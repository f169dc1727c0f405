import { products } from '../../catalog/src/infra/products.ts';
export const seed = () => products.clear();
