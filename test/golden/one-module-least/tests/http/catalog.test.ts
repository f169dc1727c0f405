import { collection, input } from './examples/catalog.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  module: 'catalog',
  entity: 'product',
  collection,
  input,
});
