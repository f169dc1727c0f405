import { catalogContract as contract } from '@shop/catalog/contract';
import { collection, input } from './examples/catalog.ts';
import { reservationSuite } from './reservation-suite.ts';
import { resourceSuite } from './resource-suite.ts';

resourceSuite({
  contract,
  collection,
  input,
});
reservationSuite({ collection, input });
