import type { Template } from '../../../src/plan/template.ts';

export const none: Template = {
  axis: 'ci',
  id: 'none',
  title: 'None',
  why: 'The checks are npm scripts; call them from any pipeline.',
  languages: 'any',
};
