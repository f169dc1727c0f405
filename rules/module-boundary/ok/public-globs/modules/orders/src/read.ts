import { products } from '../../catalog/src/infra/products.ts';
export const count = () => products.size;
