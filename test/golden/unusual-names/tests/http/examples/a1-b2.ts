import { randomUUID } from 'node:crypto';
import type { Api } from '../api.ts';
import * as peopleExample from './people.ts';
import * as pressExample from './press.ts';

export const collection = '/a1-b2/boxes';

/** A valid input, with everything that it refers to. */
export const input = async (api: Api) => ({
  name: `One ${randomUUID()}`,
  quantity: 3,
  personId: await peopleExample.existing(api),
  newsId: await pressExample.existing(api),
});

/** The id of one that was just created. */
export async function existing(api: Api): Promise<string> {
  const { status, text, body } = await api.post(collection, await input(api));
  if (status !== 201) throw new Error(`POST ${collection}: ${status} ${text}`);
  return body.id;
}
