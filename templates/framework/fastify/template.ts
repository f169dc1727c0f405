import type { Template } from '../../../src/plan/template.ts';

export const fastify: Template = {
  axis: 'framework',
  id: 'fastify',
  title: 'Fastify',
  why: 'the least CPU per request of the common frameworks',
  languages: ['node'],
  provides: ['http'],
  state: ({ per }) =>
    per === 'system'
      ? [
          { is: 'dependency', language: 'node', at: 'packages/platform', name: 'fastify', version: '5.12.8' },
          {
            is: 'adapter',
            language: 'node',
            port: 'http',
            scheme: 'fastify',
            file: 'http/fastify.ts',
            symbol: 'fastifyHttp',
          },
        ]
      : [],
  files: [
    {
      per: 'system',
      from: 'node',
      to: 'packages/platform/src/http',
      owner: 'tool',
      when: { language: 'node', framework: 'fastify' },
    },
  ],
};
