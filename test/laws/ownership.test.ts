import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Blueprint } from '../../src/blueprint/schema.ts';
import {
  defaultBroker,
  defaultDeploy,
  defaultObservability,
  deployablesOf,
  placements,
} from '../../src/blueprint/styles.ts';
import { KnownError } from '../../src/model/known-error.ts';
import { type Change, classify, lockAfter, type ReadyFile, writes } from '../../src/write/classify.ts';
import type { Lock } from '../../src/write/lock.ts';
import {
  blueprintOf,
  type Combination,
  catalogue,
  combinations,
  graphs,
  monoliths,
  planOf,
} from '../support/blueprints.ts';

/** A folder in memory: what a run leaves and what a person does to it. */
type Disk = Map<string, string>;
interface State {
  readonly disk: Disk;
  readonly lock: Lock | undefined;
}
const filled = (blueprint: Blueprint): ReadyFile[] =>
  planOf(blueprint).map((file) => ({ ...file, content: typeof file.content === 'string' ? file.content : 'packed' }));
const textsOf = (blueprint: Blueprint) =>
  new Map(filled(blueprint).map(({ path, content }) => [path, String(content)] as const));

function generate(
  { disk, lock }: State,
  blueprint: Blueprint,
): { readonly state: State; readonly changes: readonly Change[] } {
  const before = lock && textsOf(lock.blueprint);
  const changes = classify({
    plan: filled(blueprint),
    lock,
    disk: (path) => (disk.has(path) ? Buffer.from(disk.get(path)!) : 'absent'),
    base: (path) => before && String(before.get(path)),
  });
  const after = new Map(disk);
  for (const { path, action, file, merged } of changes.filter(writes)) {
    if (action === 'delete') after.delete(path);
    else after.set(path, merged ?? String(file!.content));
  }
  return { changes, state: { disk: after, lock: lockAfter(changes, lock, { generator: '0.1.0', blueprint }) } };
}
const empty: State = { disk: new Map(), lock: undefined };

interface Edit {
  readonly at: number;
  readonly how: 'append' | 'replace' | 'delete' | 'crlf' | 'key';
}
const edits = fc.uniqueArray(
  fc.record({ at: fc.nat(10_000), how: fc.constantFrom<Edit['how']>('append', 'replace', 'delete', 'crlf', 'key') }),
  { maxLength: 8, selector: ({ at }) => at },
);

/** Applies edits; returns what each edited path must hold afterwards: its text, or nothing. */
function edit(disk: Disk, wanted: readonly Edit[]): Map<string, string | undefined> {
  const paths = [...disk.keys()];
  const edited = new Map<string, string | undefined>();
  for (const { at, how } of wanted) {
    const path = paths[at % paths.length]!;
    const text = disk.get(path);
    if (text === undefined || edited.has(path)) continue;
    const next = changed(path, text, how);
    if (next === undefined) disk.delete(path);
    else disk.set(path, next);
    if (how !== 'crlf') edited.set(path, next);
  }
  return edited;
}
function changed(path: string, text: string, how: Edit['how']): string | undefined {
  if (how === 'delete') return undefined;
  if (how === 'crlf') return text.replaceAll(/\r?\n/g, '\r\n');
  if (how === 'replace') return '// mine\n';
  if (how === 'key' && path.endsWith('package.json'))
    return JSON.stringify({ ...JSON.parse(text), mine: [path] }, null, 2);
  if (how === 'key' && path === 'architecture.yaml') return `${text}\ncapacity:\n  peakRps: 7 # mine\n`;
  return `${text}// mine\n`;
}

const choice = fc.constantFrom<Combination>(...combinations);
const graph = fc.constantFrom(...graphs);

/** A key that a person added is still there after a merge. */
function keepsKey(path: string, mine: string, now: string): void {
  if (path.endsWith('.json')) expect(JSON.parse(now).mine).toEqual(JSON.parse(mine).mine);
  else expect((parse(now) as { capacity?: object }).capacity).toEqual((parse(mine) as { capacity?: object }).capacity);
}

describe('a system is generated again after a person worked on it', () => {
  it('every edit is kept, the rest is as freshly planned, and what the blueprint no longer has is gone', () => {
    fc.assert(
      fc.property(choice, graph, choice, graph, edits, (first, firstGraph, second, secondGraph, wanted) => {
        const before = generate(empty, blueprintOf(first, firstGraph)).state;
        const edited = edit(before.disk, wanted);
        const blueprint = blueprintOf(second, secondGraph);
        const { state, changes } = generate(before, blueprint);
        const fresh = textsOf(blueprint);
        const action = new Map(changes.map((change) => [change.path, change.action]));

        for (const [path, mine] of edited) {
          const now = state.disk.get(path);
          if (action.get(path) === 'merge') keepsKey(path, mine!, now!);
          else if (mine !== undefined && mine.replaceAll('\r\n', '\n') === fresh.get(path)) continue;
          else if (mine !== undefined || before.lock?.files[path]) expect(now, path).toBe(mine);
        }
        for (const [path, text] of fresh)
          if (!edited.has(path)) expect(state.disk.get(path)?.replaceAll('\r\n', '\n'), path).toBe(text);
        for (const path of state.disk.keys()) if (!edited.has(path)) expect(fresh.has(path), path).toBe(true);
        for (const { path, why } of changes.filter((change) => change.action === 'keep')) {
          expect(edited.has(path), path).toBe(true);
          expect(why).toBeDefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a second time changes nothing more', () => {
    fc.assert(
      fc.property(choice, graph, choice, graph, edits, (first, firstGraph, second, secondGraph, wanted) => {
        const before = generate(empty, blueprintOf(first, firstGraph)).state;
        edit(before.disk, wanted);
        const once = generate(before, blueprintOf(second, secondGraph)).state;
        const twice = generate(once, blueprintOf(second, secondGraph));
        expect(twice.changes.filter(writes)).toEqual([]);
        expect(twice.state.disk).toEqual(once.disk);
      }),
      { numRuns: 30 },
    );
  });

  it('a fresh system has nothing to keep and nothing to report', () => {
    for (const combination of combinations)
      for (const each of graphs) {
        const { changes } = generate(empty, blueprintOf(combination, each));
        expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['create']));
      }
  });
});

it('a module that is added leaves every file of the others alone', () => {
  const [one, chain] = [graphs[0]!, graphs[1]!];
  const combination = combinations.at(-1)!;
  const before = generate(empty, blueprintOf(combination, one)).state;
  const { changes } = generate(before, blueprintOf(combination, chain));
  const touched = changes.filter(writes).map(({ path }) => path);
  expect(touched.filter((path) => path.startsWith('modules/catalog/'))).toEqual([]);
  expect(touched).toEqual(expect.arrayContaining(['architecture.yaml', 'deployables/api/wiring.gen.ts']));
  expect(touched.filter((path) => path.startsWith('packages/'))).toEqual([]);
});

describe('modules move between deployables by a change of architecture.yaml', () => {
  /** Kinds that the catalogue has; a placement on another one cannot be planned. */
  const possible = placements.filter((place) => {
    const kind = place === 'functions' ? 'functions' : 'server';
    return catalogue.templates.some(({ axis, id }) => axis === 'deployable' && id === kind);
  });
  const placedAs = (base: Blueprint, at: readonly number[]): Blueprint | undefined => {
    const placed = base.modules.map((module, index) => ({ module, place: possible[at[index]! % possible.length]! }));
    const all = placed.map(({ place }) => place);
    const stack = { ...base.stack, broker: defaultBroker(all) };
    const delivery = { ...base.delivery, deploy: defaultDeploy(all), observability: defaultObservability(all) };
    const blueprint = { ...base, stack, delivery, deployables: deployablesOf(placed, stack) };
    try {
      planOf(blueprint);
      return blueprint;
    } catch (error) {
      if (error instanceof KnownError) return undefined;
      throw error;
    }
  };
  const places = fc.array(fc.nat(placements.length - 1), { minLength: 4, maxLength: 4 });
  const surroundings = fc.constantFrom<Combination>(...monoliths.slice(-4));

  it('and back: no file of a module changes, edits stay, and the rest is as freshly planned', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        surroundings,
        fc.constantFrom(...graphs),
        places,
        places,
        edits,
        (around, each, there, back, wanted) => {
          const base = blueprintOf(around, each);
          const [first, second] = [placedAs(base, there), placedAs(base, back)];
          fc.pre(first !== undefined && second !== undefined);
          for (const { kind } of [...first.deployables, ...second.deployables]) seen.add(kind);
          const before = generate(empty, first).state;
          const edited = edit(before.disk, wanted);
          const moved = generate(before, second);
          const touched = moved.changes.filter(writes).map(({ path }) => path);
          expect(touched.filter((path) => path.startsWith('modules/'))).toEqual([]);
          for (const [path, mine] of edited)
            if (moved.changes.find((change) => change.path === path)?.action !== 'merge')
              expect(moved.state.disk.get(path), path).toBe(mine);
          const fresh = generate(empty, second).state.disk;
          for (const [path, text] of fresh)
            if (!edited.has(path)) expect(moved.state.disk.get(path)?.replaceAll('\r\n', '\n'), path).toBe(text);
          for (const path of moved.state.disk.keys()) if (!edited.has(path)) expect(fresh.has(path), path).toBe(true);

          const again = generate(moved.state, first).state.disk;
          for (const [path, text] of before.disk)
            if (!edited.has(path))
              expect(again.get(path)?.replaceAll('\r\n', '\n'), path).toBe(text.replaceAll('\r\n', '\n'));
        },
      ),
      { numRuns: 40 },
    );
    expect(seen).toContain('server');
    for (const { axis, id } of catalogue.templates)
      if (axis === 'deployable') expect(seen, `no placement was tried with ${id}`).toContain(id);
  });

  it('a deployable that a person worked on is kept when nothing runs there any more, and says so', () => {
    const base = blueprintOf(monoliths.at(-1)!, graphs[1]!);
    const split = placedAs(base, [0, 1, 0, 0]);
    if (!split) throw new Error('a service beside a monolith cannot be planned');
    const { state } = generate(empty, split);
    const main = 'deployables/orders/main.ts';
    state.disk.set(main, `${state.disk.get(main)}// mine\n`);
    const { changes, state: after } = generate(state, base);
    const kept = changes.filter(({ path, action }) => path.startsWith('deployables/orders/') && action === 'keep');
    expect(kept).toEqual([expect.objectContaining({ path: main, why: expect.stringContaining('you edited it') })]);
    expect([...after.disk.keys()].filter((path) => path.startsWith('deployables/orders/'))).toEqual([main]);
  });
});
