import type { Template } from '../../../src/plan/template.ts';

/** Proves that a framework is one folder: the same suites pass on it. Not offered to anybody. */
export const nodeHttp: Template = {
  axis: 'framework',
  id: 'node-http',
  title: 'node:http',
  why: 'no framework at all',
  languages: ['node'],
  provides: ['http'],
  state: ({ per }) =>
    per === 'system'
      ? [
          {
            is: 'adapter',
            language: 'node',
            port: 'http',
            scheme: 'node-http',
            file: 'http/node-http.ts',
            symbol: 'nodeHttp',
          },
        ]
      : [],
  files: [
    {
      per: 'system',
      from: 'node',
      to: 'packages/platform/src/http',
      owner: 'tool',
      when: { language: 'node', framework: 'node-http' },
    },
  ],
};
