export let row: import('@shop/catalog/src/infra/products.ts').Row | undefined;
