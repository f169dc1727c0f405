import { pressContract as contract } from '@news-desk/press/contract';
import { collection, input } from './examples/press.ts';
import { reservationSuite } from './reservation-suite.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  contract,
  collection,
  input,
});
reservationSuite({ collection, input });
