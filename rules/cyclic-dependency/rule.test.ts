import { describe, expect, it } from 'vitest';
import type { NodeId, Relation, RelationKind, System, SystemNode } from '../../src/model/system.ts';
import { cyclicDependency } from './rule.ts';

/** A system of modules that depend on each other, and nothing else. */
function systemOf(size: number, edges: readonly (readonly [number, number])[]): System {
  const id = (i: number): NodeId => `module:m${i}`;
  const nodes = Array.from(
    { length: size },
    (_, i): SystemNode => ({ id: id(i), name: `m${i}`, roles: ['production'] }),
  );
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const relations = edges.map(
    ([from, to]): Relation => ({
      kind: 'depends-on',
      from: id(from),
      to: id(to),
      via: [{ path: `m${from}/index.ts`, span: [0, 1] }],
      confidence: 'certain',
    }),
  );
  return {
    nodes: (kind: string) => (kind === 'module' ? nodes : []),
    node: (node: NodeId) => byId.get(node)!,
    relations: (kind: RelationKind) => (kind === 'depends-on' ? relations : []),
    facts: () => [],
    owner: () => undefined,
  } as unknown as System;
}
const ringOf = (size: number) => Array.from({ length: size }, (_, i) => [i, (i + 1) % size] as const);
const check = (system: System) => [...cyclicDependency.check(system, { typeOnly: false })];

describe('rings of modules', { timeout: 60_000 }, () => {
  it('one component of 10,000 modules is one finding that can be read', () => {
    const [violation, ...more] = check(systemOf(10_000, ringOf(10_000)));
    expect(more).toEqual([]);
    expect(violation!.atoms).toHaveLength(10_000);
    expect(violation!.message.length).toBeLessThan(300);
    expect(violation!.at.length).toBeLessThanOrEqual(20);
  });
  it('the way around is the shortest one that contains the edge to cut', () => {
    // A ring of six with a shortcut back from the third.
    const [violation] = check(systemOf(6, [...ringOf(6), [2, 0]]));
    expect(violation!.message).toBe('m0 → m1 → m2 → m0 is a ring; the edge to cut is m0 → m1 (1 place).');
  });
  it('a chain of 100,000 modules is clean', () => {
    expect(check(systemOf(100_000, ringOf(100_000).slice(0, -1)))).toEqual([]);
  });
  it('tens of thousands of small rings are that many findings, in seconds', () => {
    const count = 30_000;
    const pairs = Array.from({ length: count }, (_, i) => [
      [2 * i, 2 * i + 1] as const,
      [2 * i + 1, 2 * i] as const,
    ]).flat();
    const { user } = process.cpuUsage();
    expect(check(systemOf(2 * count, pairs))).toHaveLength(count);
    expect((process.cpuUsage().user - user) / 1000).toBeLessThan(8000);
  });
});
