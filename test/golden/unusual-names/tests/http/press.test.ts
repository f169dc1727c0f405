import { collection, input } from './examples/press.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  module: 'press',
  entity: 'news',
  collection,
  input,
});
