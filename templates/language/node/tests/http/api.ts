/** Fields of the answers of all operations and problems; a test reads those of the one that it called. */
export interface Body {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  readonly version: number;
  readonly indexedAt: string | null;
  readonly items: readonly Body[];
  readonly state: string;
  readonly refusal: string | null;
  readonly nextCursor: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly type: string;
  readonly traceId: string;
  readonly errors: readonly { readonly pointer: string }[];
  readonly paths: Readonly<Record<string, object>>;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text, where it is JSON. */
  readonly body: Body;
}
type Extra = Readonly<Record<string, string>>;
export interface Api {
  get(path: string, headers?: Extra): Promise<Answer>;
  post(path: string, body: unknown, headers?: Extra): Promise<Answer>;
  put(path: string, body: unknown, headers?: Extra): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Extra): Promise<Answer>;
  delete(path: string, headers?: Extra): Promise<Answer>;
}

export function createApi(url: string, token?: string): Api {
  const authorization: Extra = token ? { authorization: `Bearer ${token}` } : {};
  const call = async (method: string, path: string, body?: unknown, extra: Extra = {}): Promise<Answer> => {
    const hasBody = body !== undefined;
    const response = await fetch(url + path, {
      method,
      headers: { ...authorization, ...(hasBody ? { 'content-type': 'application/json' } : {}), ...extra },
      signal: AbortSignal.timeout(15_000),
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
  };
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body, headers) => call('PUT', path, body, headers),
    patch: (path, body, headers) => call('PATCH', path, body, headers),
    delete: (path, headers) => call('DELETE', path, undefined, headers),
  };
}

/** Calls `read` until its answer satisfies `done`; what happens after an answer needs a moment. */
export async function eventually<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    if (Date.now() > deadline) throw new Error(`Not in ten seconds; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
