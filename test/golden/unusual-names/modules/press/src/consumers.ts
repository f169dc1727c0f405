import { consume, type Received } from '@news-desk/platform/module';
import type { Transaction } from '@news-desk/platform/db';
import { pressContract } from './contract.ts';
import { count } from './infra/activity.ts';
import type { Tables } from './infra/tables.ts';

/** The effect and the note that the event was consumed are one transaction: delivered twice, it counts once. */
const counted = (event: Received, tx: Transaction<Tables>) => count(tx, event.topic, new Date(event.occurredAt));

export const consumers = [
  consume(pressContract.events.newsCreated, counted),
  consume(pressContract.events.newsUpdated, counted),
  consume(pressContract.events.newsDeleted, counted),
];
