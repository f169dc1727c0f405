export type Mine = import('@shop/catalog/src/infra/products.ts').Row;
