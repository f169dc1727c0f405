import { createFunctions } from '@shop/platform/functions';
import { wiring } from './wiring.gen.ts';

/** The handlers that template.yaml names. What they share is made once for each instance, before its first event. */
export const { http, internal, events, work } = await createFunctions(wiring);
