const { products } = require('@shop/catalog/src/infra/products.ts');
module.exports = { products };
