import { z } from 'zod';
import type { Fact } from '../../src/model/facts.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Confidence, System } from '../../src/model/system.ts';

/** Names that say "this is where we call"; `url` alone is as often documentation or a link for people. */
const address = /(?:base|service|server|api|backend|upstream|target|broker|redis|mongo|postgres|database|db|kafka|rabbit|amqp|connection)_?(?:ur[il]|host|address|endpoint|string|dsn)s?$|^(?:host|endpoint|dsn|brokers?|connectionString|base_?ur[il])$/i;
const local = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal)$/i;

/** Sees URLs and addresses in code, and whether something is called with them; not in tests, tools and documentation. */
export const hardCodedEndpoint: Rule = {
  id: 'hard-coded-endpoint',
  title: 'Addresses come from configuration',
  why: 'An address in code binds every copy of the program to one place: it cannot be moved, balanced or run beside itself.',
  fix: 'Read the address from the environment, and let deployment set it to a service name.',
  source: 'C01 hard-coded endpoint (MARS, DAMP, NOSE)',
  severity: 'warning',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'endpoint', 'remote-call', 'connection', 'client-default'],
  subject: 'endpoint',
  options: z.unknown(),
  *check(system) {
    const used = usesByPath(system);
    for (const { fact, path } of system.facts('endpoint')) {
      const confidence = judge(fact, used.get(path) ?? []);
      if (!confidence) continue;
      const host = hostOf(fact.url);
      yield {
        subject: `file:${path}`,
        atoms: [`${path}#${system.symbol(path, fact.fn)}#${host}`],
        message: `${host} is written into the code${fact.context ? ` (${fact.context})` : ''}.`,
        at: [{ path, span: fact.span }],
        confidence,
      };
    }
  },
};

/** Where something is called or connected to. */
function usesByPath(system: System): Map<string, Fact['span'][]> {
  const used = new Map<string, Fact['span'][]>();
  for (const kind of ['remote-call', 'connection', 'client-default'] as const) {
    for (const { fact, path } of system.facts(kind)) used.set(path, [...(used.get(path) ?? []), fact.span]);
  }
  return used;
}

function judge({ url, context, span }: Fact<'endpoint'>, used: readonly Fact['span'][]): Confidence | undefined {
  const called = used.some(([start, end]) => span[0] >= start && span[1] <= end);
  const [what, name = ''] = context.split(/ (?:of )?(?=[^ ]+$)/);
  const host = hostOf(url);
  // What applies when deployment says nothing: fine for this machine, a trap for any other.
  if (what === 'default') return local.test(host.replace(/:\d+$/, '')) ? undefined : 'possible';
  const meant = called || ((what === 'constant' || what === 'property') && address.test(name));
  if (!meant) return undefined;
  // A public name without a port is the address of somebody else's service: it moves on its own.
  const isPublic = /\.[a-z]{2,}$/i.test(host) && !/\.(?:local|internal|svc|lan|cluster)$/i.test(host);
  if (isPublic) return called ? 'possible' : undefined;
  return called ? 'certain' : 'likely';
}

const hostOf = (url: string): string =>
  url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .split(/[/?#]/)[0] ?? url;
