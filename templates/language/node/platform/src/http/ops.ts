import { hash, timingSafeEqual } from 'node:crypto';
import type { Lifecycle } from '../lifecycle.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Endpoint } from './app.ts';
import { problems } from './problem.ts';

const json = { 'content-type': 'application/json' };

/** `/livez`: the process answers, nothing else. `/readyz`: it may take traffic: what it owns works, it is not stopping. */
export function probes(lifecycle: Lifecycle): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/livez',
      name: 'livez',
      quiet: true,
      handle: () => ({ status: 200, headers: json, body: '{"live":true}' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      name: 'readyz',
      quiet: true,
      async handle() {
        const readiness = await lifecycle.readiness();
        return { status: readiness.ready ? 200 : 503, headers: json, body: JSON.stringify(readiness) };
      },
    },
  ];
}

/** `/metrics` for holders of the token; without a token, for this machine only. */
export function metricsEndpoint({ registry }: Metrics, token: string | undefined): Endpoint {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);
  return {
    method: 'GET',
    path: '/metrics',
    name: 'metrics',
    quiet: true,
    async handle({ http }) {
      const allowed = expected
        ? timingSafeEqual(digest(String(http.headers.authorization)), expected)
        : /^(127\.|::1$|::ffff:127\.)/.test(http.remoteAddress);
      if (!allowed) throw problems.unauthenticated('Bearer', 'Send OPS_TOKEN as bearer token.');
      return { status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() };
    },
  };
}
