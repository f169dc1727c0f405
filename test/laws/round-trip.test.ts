import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { pascal, snake } from '../../src/blueprint/names.ts';
import type { Blueprint } from '../../src/blueprint/schema.ts';
import { kebab } from '../../src/extract/system/topics.ts';
import { overlay } from '../../src/extract/workspace/overlay.ts';
import { readSystem } from '../../src/lint/lint.ts';
import type { RelationKind } from '../../src/model/system.ts';
import { blueprintOf, combinations, graphs, monoliths, planOf, unusual } from '../support/blueprints.ts';
import { extractors, workspaceOf } from '../support/lint.ts';

/** What a system is, in comparable form: every list sorted, every node by its name. */
interface Described {
  readonly uses: readonly string[];
  readonly hosts: readonly string[];
  readonly publishes: readonly string[];
  readonly consumes: readonly string[];
  readonly owns: readonly string[];
  readonly needs: readonly string[];
  readonly runs: readonly string[];
}

/** The system that a blueprint describes. */
function described(b: Blueprint): Described {
  const events = ({ name, entity }: Blueprint['modules'][number]) =>
    ['created', 'updated', 'deleted'].map((what) => `${name}.${kebab(pascal(entity))}-${what}`);
  const backing = [
    ...(b.stack.database === 'none' ? [] : [b.stack.database]),
    ...(b.stack.cache === 'memory' ? [] : [b.stack.cache]),
    // The topic is not run beside the containers: they are told where it is.
    ...(b.stack.broker === 'memory' || b.stack.broker === 'sns' ? [] : [b.stack.broker]),
  ];
  const compose = b.delivery.deploy.includes('compose');
  const sam = b.delivery.deploy.includes('sam');
  const functions = b.deployables.filter(({ kind }) => kind === 'functions').map(({ name }) => name);
  return sorted({
    uses: b.modules.flatMap(({ name, uses }) => uses.map((used) => `${name} > ${used}`)),
    hosts: b.deployables.flatMap(({ name, hosts }) => hosts.map((host) => `${name} > ${host}`)),
    publishes: b.modules.flatMap((module) => events(module).map((topic) => `${module.name} > ${topic}`)),
    consumes: b.modules.flatMap((module) =>
      [...events(module), ...module.consumes].map((topic) => `${module.name} > ${topic}`),
    ),
    owns: b.modules.map(({ name }) => `${name} > ${snake(name)}`),
    needs: [
      ...(compose
        ? b.deployables.flatMap(({ name, kind }) => (kind === 'server' ? backing.map((id) => `${name} > ${id}`) : []))
        : []),
      ...(sam ? functions.flatMap((name) => [`${name} > sns`, `${name} > ${name}-work`]) : []),
    ],
    runs: [
      ...(compose ? [...backing, ...b.delivery.observability] : []),
      ...(sam
        ? [
            'sns',
            ...functions.map((name) => `${name}-work`),
            ...b.modules.flatMap(({ name }) => [`${name}-queue`, `${name}-dead-letters`]),
          ]
        : []),
    ],
  });
}
const sorted = (all: Described): Described =>
  Object.fromEntries(Object.entries(all).map(([key, list]) => [key, [...list].sort()])) as unknown as Described;

/**
 * The system that the written tree is. `architecture.yaml` is reduced to where things lie, so that every relation comes
 * from code and deployment.
 */
async function extracted(b: Blueprint): Promise<Described> {
  const bare = {
    version: 1,
    name: b.name,
    modules: Object.fromEntries(b.modules.map(({ name, path }) => [name, { path }])),
    deployables: Object.fromEntries(b.deployables.map(({ name, kind, path }) => [name, { kind, path }])),
  };
  const workspace = overlay(workspaceOf(planOf(b)), new Map([['architecture.yaml', stringify(bare)]]));
  const { model } = await readSystem(workspace, extractors);
  const name = (id: string) => id.slice(id.indexOf(':') + 1);
  const edges = (kind: RelationKind, from: string, to: string) =>
    model.relations[kind]
      .filter((edge) => edge.from.startsWith(`${from}:`) && edge.to.startsWith(`${to}:`))
      .map((edge) => `${name(edge.from)} > ${name(edge.to)}`);
  return sorted({
    uses: edges('depends-on', 'module', 'module'),
    hosts: edges('hosts', 'deployable', 'module'),
    publishes: edges('publishes', 'module', 'topic'),
    consumes: edges('consumes', 'module', 'topic'),
    owns: edges('accesses', 'module', 'datastore'),
    needs: edges('depends-on', 'deployable', 'resource'),
    runs: model.nodes.resource.map((node) => node.name),
  });
}

describe('law 1: the system extracted from plan(b) is the system that b describes', () => {
  for (const graph of graphs) {
    it(`${graph.id}, every combination of choices`, async () => {
      for (const combination of combinations) {
        const blueprint = blueprintOf(combination, graph);
        expect(await extracted(blueprint), combination.title).toEqual(described(blueprint));
      }
    });
  }
  it.each(unusual)('names: $id', async (graph) => {
    const blueprint = blueprintOf(combinations[0]!, graph, graph.name);
    expect(await extracted(blueprint)).toEqual(described(blueprint));
  });

  it('tells systems apart: a dropped require, consumer, host or resource is seen', async () => {
    const full = monoliths.find(({ choices }) => choices.cache === 'redis' && choices.deploy.includes('compose'))!;
    const blueprint = blueprintOf(full, graphs[1]!);
    const less = { ...blueprint, modules: blueprint.modules.map((module) => ({ ...module, uses: [], consumes: [] })) };
    const system = await extracted(blueprint);
    expect(system.uses).not.toEqual(described(less).uses);
    expect(system.consumes).not.toEqual(described(less).consumes);
    expect(system).toEqual(described(blueprint));
  });
});
