import { consume, type Received } from '@news-desk/platform/module';
import type { Transaction } from '@news-desk/platform/db';
import { pressContract } from '@news-desk/press/contract';
import { peopleContract } from './contract.ts';
import { count } from './infra/activity.ts';
import type { Tables } from './infra/tables.ts';

/** The effect and the note that the event was consumed are one transaction: delivered twice, it counts once. */
const counted = (event: Received, tx: Transaction<Tables>) => count(tx, event.topic, new Date(event.occurredAt));

export const consumers = [
  consume(peopleContract.events.personCreated, counted),
  consume(peopleContract.events.personUpdated, counted),
  consume(peopleContract.events.personDeleted, counted),
  consume(pressContract.events.newsDeleted, counted),
];
