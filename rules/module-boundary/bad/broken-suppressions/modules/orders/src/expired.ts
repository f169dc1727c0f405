// scalable-backend-ignore module-boundary: read model (team-orders) until 2026-01-31
import { products } from '../../catalog/src/infra/products.ts';
export const a = products;
