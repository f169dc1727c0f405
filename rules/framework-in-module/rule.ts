import { z } from 'zod';
import { isPackage } from '../../src/model/boundary.ts';
import type { Rule } from '../../src/model/rule.ts';

const options = z.object({
  packages: z
    .array(z.string())
    .default([
      'express',
      'fastify',
      '@fastify/*',
      'koa',
      'hapi',
      '@hapi/*',
      'hono',
      'restify',
      'polka',
      '@nestjs/*',
      'aws-lambda',
      '@aws-lambda-powertools/*',
      'serverless-http',
      'next',
      'flask',
      'django.*',
      'fastapi',
      'org.springframework.web.*',
    ])
    .describe('Frameworks, by package name; a star at the end stands for anything below.'),
});

/** Sees imports in every form, also through a file of no module that imports the framework itself. */
export const frameworkInModule: Rule<z.infer<typeof options>> = {
  id: 'framework-in-module',
  title: 'Modules know no web framework',
  why: 'A module that knows its framework runs only where that framework runs, so it can become neither a worker nor a function.',
  fix: 'Move what touches the framework into the adapter of the deployable, and give the module plain values.',
  source: 'ENG: hexagonal architecture (Cockburn 2005); B02 wrong cuts, for the part about technical layers',
  severity: 'error',
  presets: ['recommended', 'strict', 'review'],
  reads: ['file', 'module', 'deployable', 'imports', 'import'],
  subject: 'module',
  options,
  *check(system, { packages }) {
    const names = new Set(system.nodes('deployable').map(({ name }) => name));
    const matches = (spec: string) => packages.some((name) => isPackage(name, spec));
    const carriers = new Map<string, string>();
    for (const { fact, path } of system.facts('import', ['production', 'generated'])) {
      if (!matches(fact.spec)) continue;
      const owner = system.owner(path, 'module');
      if (!owner) carriers.set(path, fact.spec);
      // Where modules are what runs, the framework is theirs.
      else if (!names.has(owner.name)) {
        yield {
          subject: owner.id,
          atoms: [`${system.place(path)}#${fact.spec}`],
          message: `${path} of module ${owner.name} imports ${fact.spec}.`,
          at: [{ path, span: fact.span }],
          confidence: 'certain',
        };
      }
    }
    for (const { from, to, via } of carriers.size > 0 ? system.relations('imports') : []) {
      const [path, target] = [from.slice('file:'.length), to.slice('file:'.length)];
      const owner = carriers.has(target) ? system.owner(path, 'module') : undefined;
      if (!owner || names.has(owner.name) || !system.node(from).roles.includes('production')) continue;
      yield {
        subject: owner.id,
        atoms: [`${system.place(path)}#${carriers.get(target)}`],
        message: `${path} of module ${owner.name} imports ${target}, which is made of ${carriers.get(target)}.`,
        at: [via[0]!],
        confidence: 'certain',
      };
    }
  },
};
