export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined for an empty body. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many operations, asserted field by field
  readonly body: any;
}
type Extra = Readonly<Record<string, string>>;
export interface Api {
  get(path: string, headers?: Extra): Promise<Answer>;
  post(path: string, body: unknown, headers?: Extra): Promise<Answer>;
  put(path: string, body: unknown, headers?: Extra): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Extra): Promise<Answer>;
  delete(path: string, headers?: Extra): Promise<Answer>;
  /** Sum of a metric's samples whose labels contain all of `labels`. */
  metric(name: string, labels?: Extra): Promise<number>;
  readonly url: string;
}

/** A client of one running system; `token` is sent unless a call gives its own `authorization` ('' sends none). */
export function api({ url, ops, opsToken, token }: { url: string; ops: string; opsToken: string; token: string }): Api {
  const call = async (method: string, path: string, body: unknown, extra: Extra = {}): Promise<Answer> => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...extra };
    if (headers.authorization === '') delete headers.authorization;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(url + path, {
      method,
      headers,
      signal: AbortSignal.timeout(15_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    url,
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body, headers) => call('PUT', path, body, headers),
    patch: (path, body, headers) => call('PATCH', path, body, headers),
    delete: (path, headers) => call('DELETE', path, undefined, headers),
    async metric(name, labels = {}) {
      const response = await fetch(`${ops}/metrics`, { headers: { authorization: `Bearer ${opsToken}` } });
      if (response.status !== 200) throw new Error(`/metrics: ${response.status}`);
      return sumOf(await response.text(), name, labels);
    },
  };
}

function sumOf(text: string, name: string, labels: Extra): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((pair) => line.includes(pair)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
