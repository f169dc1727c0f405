/// <reference path="../../../catalog/src/infra/products.ts" />
export const nothing = 1;
