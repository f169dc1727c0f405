import { consume, type Received } from '@shop/platform/module';
import type { Transaction } from '@shop/platform/db';
import { catalogContract } from '@shop/catalog/contract';
import { ordersContract } from './contract.ts';
import { count } from './infra/activity.ts';
import type { Tables } from './infra/tables.ts';

/** The effect and the note that the event was consumed are one transaction: delivered twice, it counts once. */
const counted = (event: Received, tx: Transaction<Tables>) => count(tx, event.topic, new Date(event.occurredAt));

export const consumers = [
  consume(ordersContract.events.orderCreated, counted),
  consume(ordersContract.events.orderUpdated, counted),
  consume(ordersContract.events.orderDeleted, counted),
  consume(catalogContract.events.productDeleted, counted),
];
