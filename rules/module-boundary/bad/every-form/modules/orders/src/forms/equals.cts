import inside = require('@shop/catalog/src/infra/products.ts');
export = inside;
