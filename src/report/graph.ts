import type { SystemModel } from '../extract/system/build.ts';
import type { NodeId, NodeKind, RelationKind } from '../model/system.ts';

/** What a picture of the system shows: its parts and how they depend on each other, not its files. */
const shown: readonly NodeKind[] = ['deployable', 'module', 'datastore', 'resource', 'topic', 'external'];
const drawn: readonly RelationKind[] = ['hosts', 'depends-on', 'calls', 'publishes', 'consumes', 'accesses'];

/** Nodes and relations for programs, without files. */
export function graphJson({ nodes, relations }: SystemModel): string {
  const graph = {
    version: 1,
    nodes: shown.flatMap((kind) => nodes[kind].map(({ id, name, roles }) => ({ id, kind, name, roles }))),
    relations: drawn.flatMap((kind) =>
      relations[kind].map(({ from, to, confidence }) => ({ kind, from, to, confidence })),
    ),
  };
  return `${JSON.stringify(graph, null, 2)}\n`;
}

const shapes: Readonly<Partial<Record<NodeKind, readonly [open: string, close: string]>>> = {
  deployable: ['[[', ']]'],
  module: ['(', ')'],
  datastore: ['[(', ')]'],
  resource: ['[', ']'],
  topic: ['>', ']'],
  external: ['{{', '}}'],
};
const arrows: Readonly<Partial<Record<RelationKind, string>>> = {
  hosts: '---',
  'depends-on': '-->',
  calls: '==>',
  publishes: '-.->',
  consumes: '-.->',
  accesses: '-->',
};

/** A Mermaid flowchart. A topic is an arrow's end for who publishes it, and a start for who consumes it. */
export function graphMermaid({ nodes, relations }: SystemModel): string {
  const names = new Map<NodeId, string>();
  const lines = ['flowchart LR'];
  for (const kind of shown) {
    for (const { id, name } of nodes[kind]) {
      const [open, close] = shapes[kind]!;
      names.set(id, `${kind}_${names.size}`);
      lines.push(`  ${names.get(id)}${open}"${name.replaceAll('"', "'")}"${close}`);
    }
  }
  for (const kind of drawn) {
    for (const { from, to } of relations[kind]) {
      const [start, end] = kind === 'consumes' ? [to, from] : [from, to];
      if (names.has(start) && names.has(end)) lines.push(`  ${names.get(start)} ${arrows[kind]} ${names.get(end)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
