import type { Template } from '../../../src/plan/template.ts';

/** The cache of the platform without a second tier. */
export const memory: Template = {
  axis: 'cache',
  id: 'memory',
  title: 'In memory',
  why: 'nothing to run; every process has its own and loads for itself',
  languages: 'any',
  provides: ['cache'],
};
