import { styles } from './styles.ts';

/** What a person may choose on one axis; templates are such choices. */
export interface Choice {
  readonly axis: string;
  readonly id: string;
  readonly title: string;
  /** One line shown beside the choice. */
  readonly why: string;
}
/**
 * One question. Flags, prompts and the help are all derived from this list, and `--yes` takes every default.
 * `one`: exactly one choice of the axis. `many`: some of them, or none. `text`: names, checked by `expand`.
 */
export interface Question {
  readonly key:
    | 'style'
    | 'framework'
    | 'modules'
    | 'uses'
    | 'place'
    | 'database'
    | 'cache'
    | 'broker'
    | 'ci'
    | 'deploy'
    | 'observability'
    | 'load';
  readonly kind: 'one' | 'many' | 'text';
  readonly ask: string;
  readonly why: string;
  readonly fallback: readonly string[];
  /** What the help says instead of `fallback`, where the default follows from other answers. */
  readonly otherwise?: string;
  /** The only style in which it is asked. */
  readonly style?: string;
  /** Axis that the choices come from. */
  readonly axis?: string;
  /** Choices that need no template. */
  readonly also?: readonly Choice[];
}

const none = (axis: string, why: string): Choice => ({ axis, id: 'none', title: 'None', why });

export const questions: readonly Question[] = [
  {
    key: 'style',
    kind: 'one',
    ask: 'How does the system run?',
    why: 'where modules are placed; their code is the same in every style',
    fallback: ['monolith'],
    also: styles.map(({ id, title, why }) => ({ axis: 'style', id, title, why })),
  },
  {
    key: 'framework',
    kind: 'one',
    ask: 'Which HTTP framework moves the bytes?',
    why: 'an adapter behind the dispatcher; no module sees it',
    fallback: ['fastify'],
    axis: 'framework',
  },
  {
    key: 'modules',
    kind: 'text',
    ask: 'Which modules does it have?',
    why: 'bounded contexts, as name or name:entity, separated by commas',
    fallback: ['catalog:product', 'orders:order'],
  },
  {
    key: 'uses',
    kind: 'text',
    ask: 'Which module calls which?',
    why: 'orders:catalog lets orders call the contract of catalog; without cycles',
    fallback: ['orders:catalog'],
  },
  {
    key: 'place',
    kind: 'text',
    ask: 'Where does each module run?',
    why: 'orders=service,catalog=monolith,images=functions',
    fallback: [],
    otherwise: 'the last module as a service',
    style: 'hybrid',
  },
  {
    key: 'database',
    kind: 'one',
    ask: 'Which database in production?',
    why: 'development needs none: it embeds one in the data directory',
    fallback: ['postgres'],
    axis: 'database',
  },
  {
    key: 'cache',
    kind: 'one',
    ask: 'Which cache do instances share?',
    why: 'a first tier in memory is always there',
    fallback: ['redis'],
    axis: 'cache',
    also: [
      {
        axis: 'cache',
        id: 'memory',
        title: 'Memory only',
        why: 'one instance, or entries that may differ for a while',
      },
    ],
  },
  {
    key: 'broker',
    kind: 'one',
    ask: 'What carries events between processes?',
    why: 'the outbox keeps every event until the broker has confirmed it',
    fallback: [],
    otherwise: 'memory in one process, else what the placement needs',
    axis: 'broker',
  },
  {
    key: 'ci',
    kind: 'one',
    ask: 'Where does continuous integration run?',
    why: 'types, lint, architecture and tests on every change',
    fallback: ['github-actions'],
    axis: 'ci',
    also: [none('ci', 'no pipeline is written')],
  },
  {
    key: 'deploy',
    kind: 'many',
    ask: 'What should it deploy to?',
    why: 'each target gets every resource, port and secret',
    fallback: [],
    otherwise: 'compose, or sam for functions',
    axis: 'deploy',
    also: [none('deploy', 'no deployment is written')],
  },
  {
    key: 'observability',
    kind: 'many',
    ask: 'What watches it?',
    why: 'metrics are always there; these read them',
    fallback: [],
    otherwise: 'prometheus,grafana where servers run',
    axis: 'observability',
    also: [none('observability', 'metrics stay on the operations port')],
  },
  {
    key: 'load',
    kind: 'one',
    ask: 'What puts load on it?',
    why: 'a budget that fails when the system gets slower',
    fallback: ['autocannon'],
    axis: 'load',
    also: [none('load', 'no load test is written')],
  },
];

/** Choices of a question, in the catalogue's order, the ones without a template last. */
export function choicesFor(question: Question, catalogue: readonly Choice[]): readonly Choice[] {
  const own = catalogue.filter(({ axis }) => axis === question.axis);
  const also = (question.also ?? []).filter(({ id }) => !own.some((choice) => choice.id === id));
  return [...own, ...also];
}
