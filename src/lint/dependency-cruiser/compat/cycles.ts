import { componentsOf } from '../../../model/components.ts';
import { KnownError } from '../../../model/known-error.ts';

interface Vertex {
  readonly dependencies: readonly { readonly name?: string; readonly resolved?: string }[];
  readonly [attribute: string]: unknown;
}
interface Graph {
  getCycle(from: string, to: string): readonly unknown[];
}
type GraphClass = new (modules: readonly Vertex[], attribute?: string) => Graph;

/**
 * dependency-cruiser searches a cycle for every import, each time from scratch and by recursion: measured 26 s on a ring of
 * 2,000 modules, and an overflow on 4,000.
 */
const LARGEST = 2000;

/**
 * dependency-cruiser's graph as its search for cycles uses it, asked only about imports that are in a cycle, and then only
 * with the modules of that component in it. What leads out of a component never leads back, so the answers are the same.
 */
export const componentGraph = (Original: GraphClass): GraphClass =>
  class implements Graph {
    readonly #components = new Map<string, { readonly members: readonly Vertex[]; graph?: Graph }>();
    readonly #attribute: string;
    constructor(modules: readonly Vertex[], attribute = 'source') {
      this.#attribute = attribute;
      const name = (module: Vertex) => String(module[attribute]);
      const target = ({ name, resolved }: Vertex['dependencies'][number]) => name || resolved || '';
      const byName = new Map(modules.map((module) => [name(module), module]));
      const graph = new Map([...byName].map(([at, { dependencies }]) => [at, new Set(dependencies.map(target))]));
      const alone = [...graph].filter(([at, targets]) => targets.has(at)).map(([at]) => [at]);
      // A ring of several modules comes later, and takes those of its members that import themselves as well.
      for (const ring of [...alone, ...componentsOf(graph)]) {
        if (ring.length > LARGEST) throw tooLarge(ring);
        const within = new Set(ring);
        const members = ring.map((at) => {
          const module = byName.get(at)!;
          return { ...module, dependencies: module.dependencies.filter((each) => within.has(target(each))) };
        });
        const component = { members };
        for (const at of ring) this.#components.set(at, component);
      }
    }
    getCycle(from: string, to: string): readonly unknown[] {
      const component = this.#components.get(from);
      if (!component || component !== this.#components.get(to)) return [];
      component.graph ??= new Original(component.members, this.#attribute);
      return component.graph.getCycle(from, to);
    }
  };

function tooLarge(ring: readonly string[]): KnownError {
  const [first, second, third] = ring.toSorted();
  return new KnownError(
    `${ring.length} modules form one component of cycles, from ${first}, ${second} and ${third} on: too many for the search for cycles of dependency-cruiser (at most ${LARGEST}).`,
    {
      next: 'Leave rules on `circular` to the rule cyclic-dependency, or exclude the folder that holds the component.',
    },
  );
}
