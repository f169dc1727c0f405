import type { Blueprint } from '../../../src/blueprint/schema.ts';
import type { Template } from '../../../src/plan/template.ts';

/** The platform's own bus. Only one process may publish and consume; the outbox is its memory. */
export const memory: Template = {
  axis: 'broker',
  id: 'memory',
  title: 'In process',
  why: 'nothing to run; events survive crashes in the outbox; for systems whose modules run in one process',
  languages: 'any',
  provides: ['bus'],
  refuse,
};

function refuse({ deployables }: Blueprint): string | undefined {
  const [one, other] = deployables.filter(({ hosts }) => hosts.length > 0).map(({ name }) => name);
  // Functions say themselves what they need.
  if (!one || !other || deployables.some(({ kind }) => kind === 'functions')) return undefined;
  return `Events in memory would never get from ${one} to ${other}: choose the broker rabbitmq (--broker rabbitmq).`;
}
