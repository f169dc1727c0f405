import { consume, type Received } from '@shop/platform/module';
import type { Transaction } from '@shop/platform/db';
import { catalogContract } from './contract.ts';
import { count } from './infra/activity.ts';
import type { Tables } from './infra/tables.ts';

/** The effect and the note that the event was consumed are one transaction: delivered twice, it counts once. */
const counted = (event: Received, tx: Transaction<Tables>) => count(tx, event.topic, new Date(event.occurredAt));

export const consumers = [
  consume(catalogContract.events.productCreated, counted),
  consume(catalogContract.events.productUpdated, counted),
  consume(catalogContract.events.productDeleted, counted),
];
