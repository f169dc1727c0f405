import type { Template } from '../../../src/plan/template.ts';

/** The platform's own bus. Only one process may publish and consume; the outbox is its memory. */
export const memory: Template = {
  axis: 'broker',
  id: 'memory',
  title: 'In process',
  why: 'nothing to run; events survive crashes in the outbox; for systems whose modules run in one process',
  languages: 'any',
  provides: ['bus'],
};
