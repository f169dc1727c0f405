export const load = () => import('@shop/catalog/src/infra/products.ts');
