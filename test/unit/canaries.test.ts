import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Blueprint } from '../../src/blueprint/schema.ts';
import { catalogueOf, joined } from '../../src/plan/catalogue.ts';
import { plan } from '../../src/plan/plan.ts';
import { nodeHttp } from '../canaries/node-http/template.ts';
import { toy, toyPostgres, toyServer } from '../canaries/toy/template.ts';
import { blueprintOf, catalogue, graphs, monoliths, planOf, release } from '../support/blueprints.ts';

const folder = (name: string) => `${import.meta.dirname}/../canaries/${name}`;

describe('a framework is one folder', () => {
  const open = joined(
    catalogue,
    catalogueOf([nodeHttp], () => folder('node-http')),
  );
  it.each(graphs)('node:http takes the place of Fastify and changes nothing else: $id', (graph) => {
    const blueprint = blueprintOf(monoliths.at(-1)!, graph);
    const other: Blueprint = {
      ...blueprint,
      stack: { ...blueprint.stack, framework: 'node-http' },
      deployables: blueprint.deployables.map((deployable) => ({ ...deployable, framework: 'node-http' })),
    };
    const before = new Map(planOf(blueprint).map(({ path, content }) => [path, content]));
    const after = new Map(plan(other, open, release).map(({ path, content }) => [path, content]));
    const added = [...after.keys()].filter((path) => !before.has(path));
    const removed = [...before.keys()].filter((path) => !after.has(path));
    expect(added.every((path) => path.startsWith('packages/platform/src/http/node-http'))).toBe(true);
    expect(removed.every((path) => path.startsWith('packages/platform/src/http/fastify'))).toBe(true);
    expect(added.length).toBeGreaterThan(0);
    const changed = [...after].filter(([path, content]) => before.has(path) && before.get(path) !== content);
    const names = changed
      .map(([path]) => path)
      .filter((path) => !/^tools\/|package\.json$|README\.md$|docs\/adr\//.test(path));
    expect(names.sort()).toEqual(['architecture.yaml', 'deployables/api/wiring.gen.ts']);
    expect(after.get('deployables/api/wiring.gen.ts')).toContain('http: nodeHttp,');
    expect(
      [...after].filter(([path, content]) => path.startsWith('modules/') && /fastify|node:http/.test(String(content))),
    ).toEqual([]);
  });
});

describe('a language is one folder', () => {
  const open = joined(
    catalogue,
    catalogueOf([toy, toyServer, toyPostgres], () => folder('toy')),
  );
  const inToy = (blueprint: Blueprint): Blueprint => ({
    ...blueprint,
    stack: { ...blueprint.stack, language: 'toy', framework: 'none', cache: 'memory' },
    modules: blueprint.modules.map((module) => ({ ...module, language: 'toy' })),
    deployables: blueprint.deployables.map((deployable) => ({ ...deployable, language: 'toy', framework: 'none' })),
    delivery: { ...blueprint.delivery, load: 'none' },
  });
  it.each(
    graphs.flatMap((graph) =>
      monoliths.map((combination) => ({ graph, combination, title: `${graph.id} ${combination.title}` })),
    ),
  )('$title', ({ graph, combination }) => {
    const blueprint = inToy(blueprintOf(combination, graph));
    const files = new Map(plan(blueprint, open, release).map(({ path, content }) => [path, String(content)]));
    const paths = [...files.keys()];
    const node =
      /(^|\/)(package(-lock)?\.json|tsconfig\.json|biome\.json|vitest\.config\.ts|\.npmrc|\.node-version)$|\.(ts|mjs)$|\.tgz$/;
    expect(paths.filter((path) => node.test(path) && !path.startsWith('deploy/'))).toEqual([]);
    for (const { name, entity, uses } of blueprint.modules) {
      expect(files.get(`modules/${name}/src/${entity}.toy`)).toMatch(
        new RegExp(`^entity \\w+ of ${name}\n( {2}refers to .*\n){${uses.length}}$`),
      );
      expect(files.get(`modules/${name}/toy.pkg`)).toBe(uses.map((used) => `${used} = 0.0.0\n`).join(''));
    }
    expect(files.get('toy.pkg')).toBe('toy-core = 1.0.0\ntoy-pg = 2.0.0\n');
    expect(paths).toContain('packages/platform/core.toy');
    expect(files.get('deployables/api/main.toy')).toBe(
      `serve api: ${blueprint.modules.map(({ name }) => name).join(' ')}\n`,
    );
    if (combination.choices.deploy.includes('compose')) {
      const { services } = parse(files.get('deploy/compose/compose.yaml')!);
      expect(services.postgres.image).toBe('postgres:18');
      expect(services.api.environment.DATABASE_URL).toBe('postgres://app@postgres:5432/app');
    }
    if (combination.choices.ci === 'github-actions')
      expect(files.get('.github/workflows/ci.yml')).toContain('toy check');
  });
  it('a choice that only another language has is refused by name', () => {
    const blueprint = inToy(blueprintOf(monoliths.at(-1)!, graphs[0]!));
    const cached = { ...blueprint, stack: { ...blueprint.stack, cache: 'redis' } };
    expect(() => plan(cached, open, release)).toThrow('Redis is not available for toy');
  });
});
