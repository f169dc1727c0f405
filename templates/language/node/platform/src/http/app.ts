import { type Method, Problem } from '../contract.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { nameSpan, withTrace } from '../telemetry/trace.ts';
import type { HttpApp, HttpRequest, HttpResponse } from './port.ts';
import { problemResponse, problems } from './problem.ts';

/** One method on one path. `name` labels its metrics and log lines; `quiet` ones are logged at debug. */
export interface Endpoint {
  readonly method: Method;
  readonly path: string;
  readonly name: string;
  readonly quiet?: boolean;
  handle(request: RoutedRequest): HttpResponse | Promise<HttpResponse>;
}
export interface RoutedRequest {
  readonly http: HttpRequest;
  /** Decoded values of the path's `{parameters}`. */
  readonly params: Readonly<Record<string, string>>;
  /** What follows the `?`, without it. */
  readonly query: string;
}
export interface HttpAppOptions {
  readonly endpoints: readonly Endpoint[];
  readonly log: Logger;
  readonly metrics: Metrics;
  /** True while the process closes: answers then end their connections, so that closing can finish. */
  readonly draining: () => boolean;
}

/** For JSON that no browser should interpret, frame or keep. Fixed, because computing them costs more than sending. */
const securityHeaders = Object.freeze({
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
});

/** Routes requests and does for each what does not depend on the endpoint: trace, headers, problems, metrics, log. */
export function createHttpApp({ endpoints, log, metrics, draining }: HttpAppOptions): HttpApp {
  const root = routeTree(endpoints);
  const { requests } = metrics;

  /** What each request to an endpoint needs for its metric and its line, made once. */
  const watch = ({ name, method, quiet = false }: { name: string; method: string; quiet?: boolean }) => {
    const lines = log.child({ operation: name });
    return {
      name,
      line: quiet ? lines.debug.bind(lines) : lines.info.bind(lines),
      observer: (status: number) => metrics.httpDuration.observer({ operation: name, method, status: String(status) }),
      observers: new Map<number, (seconds: number) => void>(),
    };
  };
  const unmatched = watch({ name: 'unmatched', method: 'OTHER' });
  const watched = new Map(endpoints.map((endpoint) => [endpoint, watch(endpoint)]));

  async function answer(http: HttpRequest, traceId: string, start: number): Promise<HttpResponse> {
    const cut = http.url.indexOf('?');
    const path = cut < 0 ? http.url : http.url.slice(0, cut);
    const method = http.method === 'HEAD' ? 'GET' : http.method;
    let of = unmatched;
    let response: HttpResponse;
    try {
      const { endpoint, params } = find(root, path, method);
      of = watched.get(endpoint) ?? unmatched;
      nameSpan(endpoint.name, endpoint.path);
      if (http.body === 'too-long') throw problems.bodyTooLong();
      response = await endpoint.handle({ http, params, query: cut < 0 ? '' : http.url.slice(cut + 1) });
    } catch (error) {
      const known = error instanceof Problem ? error : problems.internal();
      if (known.status >= 500) log.error({ err: error, operation: of.name }, 'request failed');
      response = problemResponse(known, path, traceId);
    }
    const { status } = response;
    const milliseconds = performance.now() - start;
    let observe = of.observers.get(status);
    if (!observe) {
      observe = of.observer(status);
      of.observers.set(status, observe);
    }
    observe(milliseconds / 1000);
    of.line({ method: http.method, path, status, durationMs: Math.round(milliseconds * 100) / 100 }, 'request');
    const headers: Record<string, string> = { ...securityHeaders, ...response.headers };
    if (status !== 204 && status !== 304) headers['content-length'] = String(Buffer.byteLength(response.body));
    if (draining()) headers.connection = 'close';
    requests.inFlight--;
    return { status, headers, body: response.body };
  }

  return {
    routes: endpoints.map(({ method, path }) => ({ method, path })),
    dispatch(http) {
      const start = performance.now();
      requests.inFlight++;
      return withTrace(http.headers.traceparent as string | undefined, ({ traceId }) => answer(http, traceId, start));
    },
  };
}

interface RouteNode {
  readonly fixed: Map<string, RouteNode>;
  parameter?: RouteNode;
  readonly endpoints: Map<string, { readonly endpoint: Endpoint; readonly names: readonly string[] }>;
}

function routeTree(endpoints: readonly Endpoint[]): RouteNode {
  const create = (): RouteNode => ({ fixed: new Map(), endpoints: new Map() });
  const root = create();
  for (const endpoint of endpoints) {
    const names: string[] = [];
    let node = root;
    for (const part of endpoint.path.slice(1).split('/')) {
      if (part.startsWith('{')) {
        names.push(part.slice(1, -1));
        node = node.parameter ??= create();
      } else {
        const next: RouteNode = node.fixed.get(part) ?? create();
        node.fixed.set(part, next);
        node = next;
      }
    }
    if (node.endpoints.has(endpoint.method)) throw new Error(`Two endpoints for ${endpoint.method} ${endpoint.path}`);
    node.endpoints.set(endpoint.method, { endpoint, names });
  }
  return root;
}

/** A fixed part wins over a parameter. Throws the problem for an unknown path (404) or method (405). */
function find(root: RouteNode, path: string, method: string): { endpoint: Endpoint; params: Record<string, string> } {
  const values: string[] = [];
  let node: RouteNode | undefined = root;
  for (let start = 1, end = 0; end < path.length; start = end + 1) {
    end = path.indexOf('/', start);
    if (end < 0) end = path.length;
    const part = path.slice(start, end);
    const fixed: RouteNode | undefined = node.fixed.get(part);
    if (!fixed) values.push(part);
    node = fixed ?? (part ? node.parameter : undefined);
    if (!node) throw problems.noRoute();
  }
  if (node.endpoints.size === 0) throw problems.noRoute();
  const match = node.endpoints.get(method);
  if (!match) throw problems.methodNotAllowed([...node.endpoints.keys()].sort().join(', '));
  const params: Record<string, string> = {};
  for (let index = 0; index < values.length; index++) {
    params[match.names[index] as string] = decode(values[index] as string);
  }
  return { endpoint: match.endpoint, params };
}

function decode(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    throw problems.noRoute();
  }
}
