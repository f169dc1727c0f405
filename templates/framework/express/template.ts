import type { Template } from '../../../src/plan/template.ts';

export const express: Template = {
  axis: 'framework',
  id: 'express',
  title: 'Express',
  why: 'the one that most people know; it costs more CPU per request',
  languages: ['node'],
  provides: ['http'],
  state: ({ per }) =>
    per === 'system'
      ? [
          { is: 'dependency', language: 'node', at: 'packages/platform', name: 'express', version: '5.3.0' },
          {
            is: 'dependency',
            language: 'node',
            at: 'packages/platform',
            name: '@types/express',
            version: '5.0.6',
            dev: true,
          },
          {
            is: 'adapter',
            language: 'node',
            port: 'http',
            scheme: 'express',
            file: 'http/express.ts',
            symbol: 'expressHttp',
          },
        ]
      : [],
  files: [
    {
      per: 'system',
      from: 'node',
      to: 'packages/platform/src/http',
      owner: 'tool',
      when: { language: 'node', framework: 'express' },
    },
  ],
};
