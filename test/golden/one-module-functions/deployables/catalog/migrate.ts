import { migrations } from '@shop/platform/host';
import { wiring } from './wiring.gen.ts';

/** Brings the database at DATABASE_URL up to date: a step of each release, before its functions. */
await migrations(wiring);
