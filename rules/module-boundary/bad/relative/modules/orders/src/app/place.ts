import { products } from '../../../catalog/src/infra/products.ts';

export const known = (id: string) => products.has(id);
