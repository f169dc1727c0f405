import { z } from 'zod';
import type { Rule } from '../../src/model/rule.ts';
import type { Confidence, NodeId, Relation, System, SystemNode } from '../../src/model/system.ts';

/** Sees connections in code and addresses in deployment; cannot see schemas that are chosen after connecting. */
export const sharedPersistence: Rule = {
  id: 'shared-persistence',
  title: 'Data has one owner',
  why: 'Services that share a database cannot change its schema, scale or fail on their own.',
  fix: 'Give each its own schema or database, and let the others ask its contract or listen to its events.',
  source: 'D01 shared persistence (MARS, DAMP, NOSE, microFreshener: a datastore with more than one accessor; NERI)',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['module', 'deployable', 'datastore', 'accesses', 'hosts'],
  subject: 'datastore',
  options: z.unknown(),
  *check(system) {
    const hosts = system.relations('hosts');
    for (const store of system.nodes('datastore')) {
      const accesses = system.relations('accesses', { to: store.id }).filter(({ from }) => !isJob(system.node(from)));
      const groups = groupsOf(accesses, hosts);
      if (groups.length < 2 || groups.every(([{ from }]) => ownsSchemas(system, from, hosts))) continue;
      const sharers = groups
        .map(([edge]) => ({ edge, name: system.node(edge.from).name }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const [first, ...rest] = sharers;
      yield {
        subject: store.id,
        atoms: sharers.map(({ name }) => `${store.name}<${name}`),
        message: `${sharers.map(({ name }) => name).join(', ')} share ${store.name}.`,
        at: [
          { ...first!.edge.via[0]!, note: first!.name },
          ...rest.map(({ edge, name }) => ({ ...edge.via[0]!, note: name })),
        ],
        confidence: least(sharers.map(({ edge }) => edge.confidence)),
      };
    }
  },
};

/** What only prepares or copies data for others shares nothing. */
const isJob = ({ roles }: SystemNode): boolean =>
  roles.some((role) => /^(?:migration|admin|backup|exporter|relay)$/.test(role));

/** Deployables that host a common module are several processes of one owner: a server and its worker. */
function groupsOf(accesses: readonly Relation[], hosts: readonly Relation[]): (readonly [Relation, ...Relation[]])[] {
  const groups: [Relation, ...Relation[]][] = [];
  const hosted = (id: NodeId) => new Set(hosts.filter(({ from }) => from === id).map(({ to }) => to));
  for (const edge of accesses) {
    const own = hosted(edge.from);
    const group = groups.find((members) => members.some(({ from }) => hosted(from).intersection(own).size > 0));
    if (group) group.push(edge);
    else groups.push([edge]);
  }
  return groups;
}

/** Every module that it hosts keeps to a schema of its own: one server then holds several databases. */
function ownsSchemas(system: System, id: NodeId, hosts: readonly Relation[]): boolean {
  const modules = hosts.filter(({ from }) => from === id).map(({ to }) => to);
  return (
    modules.length > 0 &&
    modules.every((module) =>
      system.relations('accesses', { from: module }).some(({ to }) => system.node(to).roles.includes('schema')),
    )
  );
}
const least = (all: readonly Confidence[]): Confidence =>
  all.includes('possible') ? 'possible' : all.includes('likely') ? 'likely' : 'certain';
