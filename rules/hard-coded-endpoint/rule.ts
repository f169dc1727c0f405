import { z } from 'zod';
import type { Fact, Value } from '../../src/model/facts.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { Confidence, System } from '../../src/model/system.ts';

/** Names of constants that say "this is where we call". */
const constant = /(?:ur[il]|host|address|endpoint|dsn|brokers?)s?$/i;
/** Of properties, where `url` alone is as often a link for people. */
const property =
  /(?:base|service|server|api|backend|upstream|target|broker|redis|mongo|postgres|database|db|kafka|rabbit|amqp|connection)_?(?:ur[il]|host|address|endpoint|string|dsn)s?$|^(?:host|endpoint|dsn|brokers?)$/i;
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
    const spans = spansByPath(system);
    const targets = calledTargets(system);
    for (const { fact, path } of system.facts('endpoint')) {
      const inside = (spans.get(path) ?? []).some(([start, end]) => fact.span[0] >= start && fact.span[1] <= end);
      const confidence = judge(
        fact,
        inside || targets.some((target) => target.startsWith(fact.url) && hostOf(target) === hostOf(fact.url)),
      );
      if (!confidence) continue;
      const host = hostOf(fact.url);
      yield {
        subject: `file:${path}`,
        atoms: [`${system.place(path)}#${system.symbol(path, fact.fn)}#${host}`],
        message: `${host} is written into the code${fact.context ? ` (${fact.context})` : ''}.`,
        at: [{ path, span: fact.span }],
        confidence,
      };
    }
  },
};

/** Where something is called or connected to. */
function spansByPath(system: System): Map<string, Fact['span'][]> {
  const spans = new Map<string, Fact['span'][]>();
  for (const kind of ['remote-call', 'connection', 'client-default'] as const) {
    for (const { fact, path } of system.facts(kind)) spans.set(path, [...(spans.get(path) ?? []), fact.span]);
  }
  return spans;
}

/** How the targets of calls begin, where a constant of this or another file says so. */
function calledTargets(system: System): string[] {
  return [...system.facts('remote-call')].flatMap(({ fact, path }) => {
    const first: Value | undefined = fact.target.k === 'cat' ? fact.target.of[0] : fact.target;
    const start = first && (first.k === 'lit' || first.k === 'ref') ? system.evaluate(first, path).value : undefined;
    return typeof start === 'string' ? [start] : [];
  });
}

function judge({ url, context }: Fact<'endpoint'>, called: boolean): Confidence | undefined {
  const host = hostOf(url);
  const here = local.test(host.replace(/:\d*$/, ''));
  // This machine, at a port that is known when the program runs: a process that it started, or the program itself.
  if (here && host.endsWith(':')) return undefined;
  // What applies when deployment says nothing: fine for this machine, a trap for any other.
  if (context.startsWith('default of ')) return here ? undefined : 'possible';
  // A public name without a port is the address of somebody else's service: it moves on its own.
  const isPublic = /\.[a-z]{2,}$/i.test(host) && !/\.(?:local|internal|svc|lan|cluster)$/i.test(host);
  if (called) return isPublic ? 'possible' : 'certain';
  const name = /^(constant|property) (.*)$/.exec(context);
  if (isPublic || here || !name) return undefined;
  return (name[1] === 'constant' ? constant : property).test(name[2]!) ? 'likely' : undefined;
}

const hostOf = (url: string): string =>
  url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .split(/[/?#]/)[0] ?? url;
