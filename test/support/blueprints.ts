import { type Answers, expand } from '../../src/blueprint/expand.ts';
import { choicesFor, questions } from '../../src/blueprint/questions.ts';
import type { Blueprint } from '../../src/blueprint/schema.ts';
import type { Placement } from '../../src/blueprint/styles.ts';
import { KnownError } from '../../src/model/known-error.ts';
import { catalogueAt, templateRoot } from '../../src/plan/catalogue.ts';
import { type Plan, plan } from '../../src/plan/plan.ts';
import { selected } from '../../src/plan/select.ts';
import { templates } from '../../templates/catalogue.gen.ts';

export const catalogue = catalogueAt(templateRoot(), templates);
export const release = { version: '0.1.0' };
/** Plans anew at each call. */
export const plannedAnew = (blueprint: Blueprint): Plan => plan(blueprint, catalogue, release);

const plans = new Map<string, Plan>();
/** The plan of a blueprint. Planning is pure, which `laws/determinism` holds: each blueprint is planned once a worker. */
export function planOf(blueprint: Blueprint): Plan {
  const key = JSON.stringify(blueprint);
  const known = plans.get(key) ?? plannedAnew(blueprint);
  plans.set(key, known);
  return known;
}

export interface Graph {
  readonly id: string;
  readonly modules: readonly string[];
  readonly uses: readonly string[];
}
/** Module graphs: one module, a chain of three, a diamond. */
export const graphs: readonly Graph[] = [
  { id: 'one', modules: ['catalog:product'], uses: [] },
  {
    id: 'chain',
    modules: ['catalog:product', 'orders:order', 'billing:invoice'],
    uses: ['orders:catalog', 'billing:orders'],
  },
  {
    id: 'diamond',
    modules: ['accounts:account', 'catalog:product', 'inventory:item', 'orders:order'],
    uses: ['catalog:accounts', 'inventory:accounts', 'orders:catalog', 'orders:inventory'],
  },
];
/** The shortest names, the longest, and words whose plural or spelling is unusual; they decide how code is formatted. */
export const unusual: readonly (Graph & { readonly name: string })[] = [
  { id: 'shortest', name: 'ab', modules: ['hr:id', 'qa:t1'], uses: ['qa:hr'] },
  {
    id: 'longest',
    name: 'enterprise-resource-planning-x',
    modules: [
      'international-goods-catalogue:refrigerated-merchandise-item',
      'cross-border-customer-ordering:cross-border-purchase-contract',
    ].map((pair) =>
      pair
        .split(':')
        .map((name) => name.slice(0, 30).replace(/-$/, ''))
        .join(':'),
    ),
    uses: ['cross-border-customer-ordering:international-goods-catalogue'],
  },
  {
    id: 'words',
    name: 'news-desk',
    modules: ['press:news', 'people:person', 'a1-b2:box'],
    uses: ['people:press', 'a1-b2:people', 'a1-b2:press'],
  },
];

type Choices = Omit<Answers, 'name' | 'modules' | 'uses' | 'place'> & {
  readonly deploy: readonly string[];
  readonly observability: readonly string[];
};

/** Every axis of the catalogue with what may be chosen on it; lists of choices are every subset. */
export const axes: Readonly<Record<string, readonly (readonly string[])[]>> = Object.fromEntries(
  questions
    .filter(({ kind }) => kind !== 'text')
    .map((question) => {
      const ids = choicesFor(question, templates).map(({ id }) => id);
      const some = ids.filter((id) => id !== 'none');
      return [question.key, question.kind === 'one' ? ids.map((id) => [id]) : subsets(some)];
    }),
);
type Row = Readonly<Record<string, readonly string[]>>;

function subsets(ids: readonly string[]): string[][] {
  return ids.reduce<string[][]>((all, id) => all.flatMap((set) => [set, [...set, id]]), [[]]);
}

function choicesOf(row: Row): Choices {
  const all = (axis: string) => row[axis] ?? [];
  const one = (axis: string) => all(axis)[0] ?? 'none';
  return {
    style: one('style'),
    framework: one('framework'),
    database: one('database'),
    cache: one('cache'),
    broker: one('broker'),
    ci: one('ci'),
    deploy: all('deploy'),
    observability: all('observability'),
    load: one('load'),
  };
}

/** Where a hybrid of the tests has its modules, in turn: with functions where they are deployed. */
const mixOf = ({ deploy }: Choices): readonly Placement[] =>
  deploy.includes('sam') ? ['monolith', 'functions', 'service'] : ['monolith', 'service'];

/** One choice on each axis. */
export interface Combination {
  readonly title: string;
  readonly choices: Choices;
}

/** Every combination of the axes that no template refuses. */
export const possible: readonly Combination[] = Object.entries(axes)
  .reduce<Row[]>(
    (rows, [axis, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [axis]: value }))),
    [{}],
  )
  .map(titled)
  .filter(({ choices }) => !refused(choices));

/** The default style, framework and broker: what surrounds them is combined in every way. */
const plain = ({ choices: { style, framework, broker } }: Combination) =>
  style === 'monolith' && framework === 'fastify' && broker === 'memory';
/** Monoliths with every combination of what surrounds them; the last one has everything. */
export const monoliths: readonly Combination[] = possible.filter(plain);

/** Few combinations in which every two choices of two axes meet at least once. */
export const pairwise: readonly Combination[] = covering(possible);

/** What the laws hold for: every two choices of two axes, and every combination of what surrounds a monolith. */
export const combinations: readonly Combination[] = [...pairwise.filter((each) => !plain(each)), ...monoliths];

function covering(all: readonly Combination[]): Combination[] {
  const candidates = all.map((combination) => ({ combination, open: new Set(pairs(combination)) }));
  const chosen: Combination[] = [];
  for (;;) {
    const best = candidates.reduce((a, b) => (b.open.size > a.open.size ? b : a));
    if (best.open.size === 0) return chosen;
    chosen.push(best.combination);
    const met = [...best.open];
    for (const { open } of candidates) for (const pair of met) open.delete(pair);
  }
}

function pairs({ choices }: Combination): string[] {
  const cells = Object.entries(choices).map(([axis, value]) => `${axis}=${String(value)}`);
  return cells.flatMap((a, index) => cells.slice(index + 1).map((b) => `${a} ${b}`));
}

function titled(row: Row): Combination {
  const title = Object.entries(row)
    .filter(([axis]) => (axes[axis] ?? []).length > 1)
    .map(([axis, value]) => `${axis}=${value.join('+') || 'none'}`)
    .join(' ');
  return { title, choices: choicesOf(row) };
}

function refused(choices: Choices): boolean {
  try {
    for (const graph of graphs) selected(blueprintOf({ choices }, graph), templates);
    return false;
  } catch (error) {
    if (error instanceof KnownError) return true;
    throw error;
  }
}

export function blueprintOf(
  { choices }: Pick<Combination, 'choices'>,
  { modules, uses }: Pick<Graph, 'modules' | 'uses'>,
  name = 'shop',
): Blueprint {
  if (choices.style !== 'hybrid') return expand({ name, modules, uses, ...choices, place: [] });
  // A mix takes two.
  const mixed = modules.length > 1 ? modules : [...modules, 'audits:audit'];
  const mix = mixOf(choices);
  const place = mixed.map((module, index) => `${module.split(':')[0]}=${mix[index % mix.length]}`);
  return expand({ name, modules: mixed, uses, ...choices, place });
}
