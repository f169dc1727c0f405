import type { Intent, Template } from '../../../src/plan/template.ts';

export const autocannon: Template = {
  axis: 'load',
  id: 'autocannon',
  title: 'autocannon',
  why: 'runs from npm, on a laptop and in a pipeline, and fails when the budget is exceeded',
  languages: ['node'],
  state: ({ per }) => (per === 'system' ? intents : []),
  files: [{ per: 'system', from: 'node', to: 'load', owner: 'team', when: { language: 'node' } }],
};

const dev = (name: string, version: string): Intent => ({
  is: 'dependency',
  language: 'node',
  at: '',
  name,
  version,
  dev: true,
});
const intents: readonly Intent[] = [
  dev('autocannon', '9.0.0'),
  dev('@types/autocannon', '7.12.7'),
  {
    is: 'script',
    language: 'node',
    name: 'load',
    run: 'node load/run.ts',
    doc: 'Puts load on the system and fails when load/budget.json is exceeded.',
  },
  {
    is: 'section',
    title: 'Load',
    order: 70,
    text: `
\`npm run load\` starts the system on free ports with data of its own, lists, reads and creates with ten connections, prints
what it measured beside \`load/budget.json\`, and exits with 1 when the budget is exceeded. The budget of the first day is
loose, because it has to hold on any laptop: tighten it to what you promise. Against a system that already runs:

\`\`\`sh
BASE_URL=https://staging.example.org TOKEN=… npm run load
\`\`\``,
  },
];
