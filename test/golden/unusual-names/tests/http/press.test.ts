import { pressContract as contract } from '@news-desk/press/contract';
import { collection, input } from './examples/press.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  contract,
  collection,
  input,
});
