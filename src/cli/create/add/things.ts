import { Command, Option } from 'commander';
import { closest } from '../../../blueprint/nearest.ts';
import type { Blueprint } from '../../../blueprint/schema.ts';
import { KnownError } from '../../../model/known-error.ts';

/** What a person may say about a new thing; without it, a terminal asks, and `--yes` takes the default. */
export interface Detail {
  /** Its flag, `--<key> <value>`. */
  readonly key: string;
  readonly value: string;
  readonly why: string;
  readonly ask: string;
  /** The only values; absent: any text. */
  readonly among?: readonly string[];
  /** What `--yes` takes; the help says it. */
  readonly fallback: string;
  /** Values that the system offers at this moment, for the question. */
  readonly offer?: (blueprint: Blueprint) => readonly string[];
}
export interface Thing {
  readonly kind: 'module' | 'deployable' | 'operation' | 'consumer' | 'job';
  readonly what: string;
  readonly args: readonly { readonly name: string; readonly what: string }[];
  readonly details: readonly Detail[];
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const module = { name: 'module', what: 'a module of this system' };

/** Everything that can be added. Commands, flags, help and questions come from this list. */
export const things: readonly Thing[] = [
  {
    kind: 'module',
    what: 'a bounded context with its contract, tables, events and tests',
    args: [{ name: 'name', what: 'name or name:entity' }],
    details: [
      {
        key: 'uses',
        value: 'list',
        why: 'modules whose contract it calls, separated by commas',
        ask: 'Which modules does it call?',
        fallback: 'none',
      },
      {
        key: 'place',
        value: 'place',
        why: 'service, functions, api, or the name of a deployable',
        ask: 'Where does it run?',
        fallback: 'where the other modules are',
        offer: ({ deployables }) => [
          ...deployables.filter(({ hosts }) => hosts.length > 0).map(({ name }) => name),
          'service',
          'functions',
        ],
      },
    ],
  },
  {
    kind: 'deployable',
    what: 'something that runs, to which modules move',
    args: [{ name: 'name', what: 'its name, which is also its folder' }],
    details: [
      {
        key: 'kind',
        value: 'kind',
        why: 'server, functions or gateway',
        ask: 'What is it?',
        among: ['server', 'functions', 'gateway'],
        fallback: 'server',
      },
      {
        key: 'hosts',
        value: 'list',
        why: 'modules that move to it, separated by commas',
        ask: 'Which modules move to it?',
        fallback: 'none',
      },
    ],
  },
  {
    kind: 'operation',
    what: 'a request and its answer: contract, use case, handler and HTTP test',
    args: [module, { name: 'name', what: 'verb and noun, as in archive-product' }],
    details: [
      {
        key: 'method',
        value: 'method',
        why: 'GET reads, the others write',
        ask: 'Which HTTP method?',
        among: methods,
        fallback: 'POST; GET for get-…, list-…, find-…, search-…, count-…',
      },
      {
        key: 'path',
        value: 'path',
        why: 'below the module, as in /products/{id}/archive',
        ask: 'Which path, below the module?',
        fallback: '/<name>',
      },
    ],
  },
  {
    kind: 'consumer',
    what: 'a reaction to an event, once for each event however often it arrives',
    args: [module, { name: 'topic', what: '<module>.<event>, as in catalog.product-created' }],
    details: [],
  },
  {
    kind: 'job',
    what: 'work that nobody waits for, with a payload and tries of its own',
    args: [module, { name: 'name', what: 'verb and noun, as in send-reminder' }],
    details: [],
  },
];

/** How an addition runs: as the main command does. */
export const switches = [
  ['--yes', 'take every default without asking'],
  ['--dry-run', 'show the files and their differences; write nothing'],
  ['--json', 'print the result as JSON; ask nothing'],
  ['--force', 'accept changes that are not committed; what you edited is still kept'],
  ['--skip-install', 'write only: no install, no checks'],
  ['--skip-prove', 'install where that is needed, but check nothing'],
] as const;

export interface Request {
  readonly kind: Thing['kind'];
  readonly args: readonly string[];
  readonly given: Readonly<Record<string, string>>;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly force: boolean;
  readonly skipInstall: boolean;
  readonly skipProve: boolean;
}

/** `add` and its commands; `found` gets what a person asked for. */
export function addCommand(found: (request: Request) => void = () => {}): Command {
  const add = new Command('add')
    .description('Adds to the system that the current directory lies in: writes what changed, keeps every edit.')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  for (const thing of things) {
    const command = new Command(thing.kind).description(thing.what).helpOption('-h, --help', 'print this help');
    for (const { name, what } of thing.args) command.argument(`<${name}>`, what);
    for (const { key, value, why, fallback } of thing.details)
      command.addOption(new Option(`--${key} <${value}>`, `${why} (default: ${fallback})`));
    for (const [flag, what] of switches) command.option(flag, what);
    command.allowExcessArguments(false).action(() => found(requestOf(thing, command)));
    add.addCommand(command);
  }
  return add;
}

function requestOf(thing: Thing, command: Command): Request {
  const options = command.opts<Record<string, string | boolean | undefined>>();
  const given: Record<string, string> = {};
  for (const detail of thing.details) {
    const text = options[detail.key];
    if (typeof text === 'string') given[detail.key] = checked(detail, text);
  }
  const on = (key: string) => options[key] === true;
  return {
    kind: thing.kind,
    args: command.args,
    given,
    yes: on('yes'),
    dryRun: on('dryRun'),
    json: on('json'),
    force: on('force'),
    skipInstall: on('skipInstall'),
    skipProve: on('skipProve'),
  };
}

function checked({ key, among }: Detail, text: string): string {
  if (!among) return text;
  const wanted = among.find((value) => value.toLowerCase() === text.toLowerCase());
  if (wanted) return wanted;
  const near = closest(text.toUpperCase() === text ? text : text.toLowerCase(), among);
  throw new KnownError(`--${key} does not know '${text}'.`, {
    next: near ? `Did you mean '${near}'?` : `Use one of: ${among.join(', ')}.`,
  });
}

/** `a, b` → names; `none` and nothing are no names. */
export const namesIn = (text: string | undefined): readonly string[] => [
  ...new Set(
    (text ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && name !== 'none'),
  ),
];
