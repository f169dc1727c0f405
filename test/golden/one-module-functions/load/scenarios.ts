import { createApi } from '../tests/http/api.ts';
import * as catalogExample from '../tests/http/examples/catalog.ts';

const resources = {
  catalogExample,
};

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}
/** Scenarios by name; the connections of one send its requests in turn. */
export type Scenarios = Readonly<Record<string, readonly Request[]>>;

/** Creates what the scenarios read, and says what they send: one request for each module. */
export async function prepare(url: string, token: string): Promise<Scenarios> {
  const api = createApi(url, token);
  const [list, get, create]: [Request[], Request[], Request[]] = [[], [], []];
  for (const { collection, existing, input } of Object.values(resources)) {
    list.push({ method: 'GET', path: `${collection}?limit=20` });
    get.push({ method: 'GET', path: `${collection}/${await existing(api)}` });
    create.push({ method: 'POST', path: collection, body: JSON.stringify(await input(api)) });
  }
  return { list, get, create };
}
