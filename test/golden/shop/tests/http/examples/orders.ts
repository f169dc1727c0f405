import { randomUUID } from 'node:crypto';
import type { Api } from '../api.ts';
import * as catalogExample from './catalog.ts';

export const collection = '/orders/orders';

/** A valid input, with everything that it refers to. */
export const input = async (api: Api) => ({
  name: `One ${randomUUID()}`,
  quantity: 3,
  productId: await catalogExample.existing(api),
});

/** The id of one that was just created. */
export async function existing(api: Api): Promise<string> {
  const { status, text, body } = await api.post(collection, await input(api));
  if (status !== 201) throw new Error(`POST ${collection}: ${status} ${text}`);
  return body.id;
}
