import type { Blueprint, Deployable } from '../../../src/blueprint/schema.ts';
import { manifest } from '../../../src/plan/print.ts';
import type { Intent, PlannedFile, Template } from '../../../src/plan/template.ts';
import { wiring } from './wiring.print.ts';

const from = ['deployable/server'];
const isServer = ({ kind, language }: Deployable) => kind === 'server' && language === 'node';

export const server: Template = {
  axis: 'deployable',
  id: 'server',
  title: 'Server',
  why: 'answers HTTP and runs the consumers, jobs and outbox of its modules',
  languages: ['node'],
  needs: ['http', 'database'],
  state: (at, blueprint) => {
    if (at.per === 'system') return scripts(blueprint);
    return at.per === 'deployable' && isServer(at.deployable) ? intentsOf(blueprint, at.deployable) : [];
  },
  files: [
    {
      per: 'deployable',
      from: 'node',
      to: 'deployables/{deployable}',
      owner: 'team',
      when: { kind: 'server', language: 'node' },
    },
  ],
  print: (system) =>
    system.blueprint.deployables.filter(isServer).flatMap((deployable): PlannedFile[] => [
      {
        path: `${deployable.path}/package.json`,
        content: manifest(system, deployable.path, {
          name: `@${system.blueprint.name}/${deployable.name}`,
          version: '0.0.0',
          private: true,
          type: 'module',
          exports: { './wiring': './wiring.gen.ts' },
        }),
        owner: 'shared',
        from,
      },
      { path: `${deployable.path}/wiring.gen.ts`, content: wiring(system, deployable), owner: 'tool', from },
    ]),
};
