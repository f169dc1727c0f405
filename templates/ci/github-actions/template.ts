import { yaml } from '../../../src/plan/print.ts';
import type { Template } from '../../../src/plan/template.ts';
import { annotated, updates, workflow } from './workflow.ts';

export const githubActions: Template = {
  axis: 'ci',
  id: 'github-actions',
  title: 'GitHub Actions',
  why: 'Every check on every pull request, with pinned actions and read-only permissions.',
  languages: 'any',
  print: (system) => [
    {
      path: '.github/workflows/ci.yml',
      content: annotated(yaml(workflow(system))),
      owner: 'tool',
      from: ['ci/github-actions'],
    },
    {
      path: '.github/dependabot.yml',
      content: yaml(updates(system)),
      owner: 'tool',
      from: ['ci/github-actions'],
    },
  ],
};
