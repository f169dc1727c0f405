import { consume, type Received } from '@news-desk/platform/module';
import type { Transaction } from '@news-desk/platform/db';
import { peopleContract } from '@news-desk/people/contract';
import { pressContract } from '@news-desk/press/contract';
import { a1B2Contract } from './contract.ts';
import { count } from './infra/activity.ts';
import type { Tables } from './infra/tables.ts';

/** The effect and the note that the event was consumed are one transaction: delivered twice, it counts once. */
const counted = (event: Received, tx: Transaction<Tables>) => count(tx, event.topic, new Date(event.occurredAt));

export const consumers = [
  consume(a1B2Contract.events.boxCreated, counted),
  consume(a1B2Contract.events.boxUpdated, counted),
  consume(a1B2Contract.events.boxDeleted, counted),
  consume(peopleContract.events.personDeleted, counted),
  consume(pressContract.events.newsDeleted, counted),
];
