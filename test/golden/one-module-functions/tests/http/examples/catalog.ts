import { randomUUID } from 'node:crypto';
import type { Api } from '../api.ts';

export const collection = '/catalog/products';

/** A valid input, with everything that it refers to. */
export const input = async (_: Api) => ({
  name: `One ${randomUUID()}`,
  quantity: 3,
});

/** The id of one that was just created. */
export async function existing(api: Api): Promise<string> {
  const { status, text, body } = await api.post(collection, await input(api));
  if (status !== 201) throw new Error(`POST ${collection}: ${status} ${text}`);
  return body.id;
}
