import type { SystemModel } from '../extract/system/build.ts';
import type { NodeId, NodeKind, RelationKind } from '../model/system.ts';
import { visible, visibleJson } from '../model/visible.ts';

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
  return visibleJson(graph);
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
export function graphMermaid(model: SystemModel): string {
  const { parts, edges } = picture(model);
  const lines = parts.map(({ id, kind, name }) => {
    const [open, close] = shapes[kind]!;
    return `  ${id}${open}"${mermaidName(name)}"${close}`;
  });
  const links = edges.map(({ kind, start, end }) => `  ${start} ${arrows[kind]} ${end}`);
  return `${['flowchart LR', ...lines, ...links].join('\n')}\n`;
}

const dotShapes: Readonly<Partial<Record<NodeKind, string>>> = {
  deployable: 'box3d',
  module: 'component',
  datastore: 'cylinder',
  resource: 'box',
  topic: 'cds',
  external: 'hexagon',
};

/** A name inside quotes: neither markup nor a second statement. */
const mermaidName = (name: string): string =>
  visible(name).replace(/["`]/g, "'").replaceAll('#', '#35;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');

/** The same picture for Graphviz. */
export function graphDot(model: SystemModel): string {
  const { parts, edges } = picture(model);
  const text = (name: string) => `"${visible(name).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const lines = parts.map(({ id, kind, name }) => `  ${id} [label=${text(name)}, shape=${dotShapes[kind]}];`);
  const links = edges.map(({ kind, start, end }) => {
    const style = kind === 'publishes' || kind === 'consumes' ? ', style=dashed' : '';
    return `  ${start} -> ${end} [label="${kind}"${style}];`;
  });
  return `${['digraph system {', '  rankdir=LR;', ...lines, ...links, '}'].join('\n')}\n`;
}

interface Part {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
}
interface Edge {
  readonly kind: RelationKind;
  readonly start: string;
  readonly end: string;
}
function picture({ nodes, relations }: SystemModel): {
  readonly parts: readonly Part[];
  readonly edges: readonly Edge[];
} {
  const ids = new Map<NodeId, string>();
  const parts = shown.flatMap((kind) =>
    nodes[kind].map(({ id, name }): Part => {
      ids.set(id, `${kind}_${ids.size}`);
      return { id: ids.get(id)!, kind, name };
    }),
  );
  const edges = drawn.flatMap((kind) =>
    relations[kind].flatMap(({ from, to }): Edge[] => {
      const [start, end] = (kind === 'consumes' ? [to, from] : [from, to]).map((id) => ids.get(id));
      return start && end ? [{ kind, start, end }] : [];
    }),
  );
  return { parts, edges };
}
