import { products } from '../../catalog/src/infra/products.ts'; // scalable-backend-ignore module-boundary
export const b = products;
