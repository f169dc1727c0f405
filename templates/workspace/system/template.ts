import { save } from '../../../src/blueprint/save.ts';
import type { SystemSpec, Template } from '../../../src/plan/template.ts';
import { decisions } from './decisions.print.ts';
import { environment } from './environment.print.ts';
import { readme, readmeSections } from './readme.print.ts';

const from = ['workspace/system'];

/** What every system has, in any language: what it is, why it is so, and what may be configured. */
export const systemWorkspace: Template = {
  axis: 'workspace',
  id: 'system',
  title: 'System documents',
  why: 'one file describes the system; its decisions are written down',
  languages: 'any',
  state: ({ per }, blueprint) => (per === 'system' ? readmeSections(blueprint) : []),
  files: [{ per: 'system', from: 'files', to: '', owner: 'team' }],
  print: (system: SystemSpec) => [
    { path: 'architecture.yaml', content: save(system.blueprint), owner: 'shared', from },
    { path: 'README.md', content: readme(system), owner: 'team', from },
    { path: '.env.example', content: environment(system), owner: 'tool', from },
    ...decisions(system).map(({ file, content }) => ({
      path: `docs/adr/${file}`,
      content,
      owner: 'team' as const,
      from,
    })),
  ],
};
