import { products } from '@inside/products';
import { products as same } from '#rows/products';
import { products as output } from '../../catalog/src/infra/products.js';
export const all = [products, same, output];
