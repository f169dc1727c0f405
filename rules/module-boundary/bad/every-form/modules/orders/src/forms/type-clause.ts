import type { Row } from '@shop/catalog/src/infra/products.ts';
export type Mine = Row;
