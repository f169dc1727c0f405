import { snake } from '../../../src/blueprint/names.ts';
import type { Blueprint } from '../../../src/blueprint/schema.ts';
import type { SystemSpec } from '../../../src/plan/template.ts';

export interface Decision {
  readonly file: string;
  readonly content: string;
}
interface Text {
  readonly title: string;
  readonly context: string;
  readonly decision: string;
  readonly consequences: readonly string[];
}

/** The first decisions of this system, written for what was chosen. */
export function decisions({ blueprint }: SystemSpec): readonly Decision[] {
  const texts = [placement(blueprint), contracts(blueprint), events, database(blueprint), cache(blueprint)];
  return texts.map((text, index) => {
    const number = String(index + 1).padStart(4, '0');
    return { file: `${number}-${slug(text.title)}.md`, content: markdown(number, text) };
  });
}

const slug = (title: string) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const markdown = (number: string, { title, context, decision, consequences }: Text): string => `# ${number}. ${title}

Status: accepted

## Context

${context}

## Decision

${decision}

## Consequences

${consequences.map((each) => `- ${each}`).join('\n')}
`;

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function placement({ modules, deployables }: Blueprint): Text {
  const names = modules.map(({ name }) => name);
  const runs = deployables.map(({ name, hosts }) => `\`${name}\` hosts ${listed(hosts)}`).join('; ');
  const one = deployables.length === 1;
  return {
    title: one ? 'Modules in one process' : 'Modules placed on deployables',
    context: `${listed(names)} change for different reasons, but nobody knows yet which of them needs machines, a team or a
release of its own. A network between them costs latency, failures and operations from the first day; a shared
code base without boundaries costs more every year.`,
    decision: `Each module is a package with a contract and private insides, and runs where \`architecture.yaml\` places it:
${runs}. Insides cannot be imported: the package does not export them, and \`npm run arch\` fails on a way around.`,
    consequences: [
      one
        ? 'One image, one release, calls without a network. All modules share its machines and its worst memory leak.'
        : 'Each deployable is released and scaled alone.',
      'A module moves out by a change of its placement. Its code stays, because calls between modules already copy values and never share a transaction.',
      'Move one out when numbers ask for it: another scaling curve, another team, another rate of release.',
    ],
  };
}

function contracts({ modules }: Blueprint): Text {
  const example = modules.find(({ uses }) => uses.length > 0);
  return {
    title: 'Own contract layer',
    context: `Clients and other modules need one description of what a module offers. Validation inside a web framework differs
from framework to framework, and ties modules to it.`,
    decision: `\`src/contract.ts\` states operations and events as data with JSON Schemas (TypeBox). The platform's dispatcher
decodes, validates, calls and encodes; the web framework only moves bytes. ${
      example
        ? `${example.name} calls ${listed(example.uses)} through a client made from the same contract.`
        : 'A module that calls another gets a client made from the same contract.'
    }`,
    consequences: [
      'Types, validation, OpenAPI, metrics and problems follow from one statement.',
      'No framework is imported under `modules/`, so changing it touches no module.',
      'Adding to a contract is compatible. Removing or changing needs a new operation or a new version of an event, and time for callers to move.',
    ],
  };
}

const events: Text = {
  title: 'Outbox and inbox',
  context: `A change and the news of it belong together. A process can end between a commit and a publish, and a broker may
deliver twice.`,
  decision: `Events are written to an outbox table in the transaction of the change. A relay leases them, publishes with
confirmation and only then marks them. A consumer stores the event's id in the transaction of its effect.`,
  consequences: [
    'Delivery at least once, effect once, also after a crash at any moment.',
    'Consumers see a change a little later than the caller does; nothing may depend on it being at once.',
    'An event that keeps failing is set aside after 20 attempts and logged as an error; its key goes on without it.',
    'Both tables are trimmed; how long a consumer may be down is bounded by that.',
  ],
};

function database({ stack, modules }: Blueprint): Text {
  const schemas = modules.map(({ name }) => `\`${snake(name)}\``);
  return {
    title: `${titleOf(stack.database)} with a schema for each module`,
    context: `Modules need transactions, queries that nobody foresaw, and a way to leave with their data.`,
    decision: `${titleOf(stack.database)} in production, and the same SQL embedded in the process (PGlite) while developing and
testing. Each module owns one schema (${listed(schemas)}); no SQL crosses schemas and no foreign key does. Migrations are
plain SQL, checked by checksum, and expand before they contract.`,
    consequences: [
      'Development and tests need nothing installed; the pipeline runs the same tests on the real database.',
      'What belongs to another module is asked from its contract, or kept as a copy that its events update.',
      'A referenced thing can be deleted later: handle its event instead of relying on a foreign key.',
      'The embedded database serves one process at a time and refuses a second one on its folder.',
    ],
  };
}

function cache({ stack }: Blueprint): Text {
  const shared = stack.cache !== 'memory' && stack.cache !== 'none';
  return {
    title: shared ? `Memory in front of ${titleOf(stack.cache)}` : 'Cache in memory',
    context: `Reads outnumber writes, and many ask for the same thing at once. A cache that is down, or that lets every
process load the same value, does more harm than good.`,
    decision: shared
      ? `Two tiers: memory in each process, ${titleOf(stack.cache)} between them. One caller loads a missing value, the others
wait; entries carry tags, and a change invalidates its tags after the commit. Expiry is spread by ±10 %.`
      : `Memory in each process. One caller loads a missing value, the others wait; entries carry tags, and a change
invalidates its tags after the commit. Expiry is spread by ±10 %.`,
    consequences: [
      shared
        ? `Without ${titleOf(stack.cache)} requests are still served, only slower.`
        : 'With several processes, a change in one is seen by the others when their entry expires: a minute at most, or choose a shared tier.',
      'A value may be served stale for a short while when it is being reloaded; operations that cannot bear it read the database.',
    ],
  };
}

const titles: Readonly<Record<string, string>> = { postgres: 'PostgreSQL', redis: 'Redis' };
const titleOf = (id: string): string => titles[id] ?? id;
