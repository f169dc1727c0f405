// import { products } from '@shop/catalog/src/infra/products.ts';
/* import '../../catalog/src/infra/products.ts' */
export const text = "import { products } from '../../catalog/src/infra/products.ts'";
export const template = `import('../../catalog/src/infra/products.ts')`;
export const pattern = /require\('..\/..\/catalog\/src\/infra\/products.ts'\)/;
const load = (require: (name: string) => unknown) => require('../../catalog/src/infra/products.ts');
export const loaded = load;
