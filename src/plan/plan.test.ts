import { describe, expect, it } from 'vitest';
import { expand } from '../blueprint/expand.ts';
import type { Catalogue } from './catalogue.ts';
import { joined } from './catalogue.ts';
import { plan } from './plan.ts';
import type { Intent, Template } from './template.ts';

const blueprint = expand({
  name: 'shop',
  style: 'monolith',
  framework: 'none',
  modules: ['catalog', 'orders'],
  uses: ['orders:catalog'],
  database: 'none',
  cache: 'none',
  broker: undefined,
  place: [],
  ci: 'none',
  deploy: [],
  observability: [],
  load: 'none',
});
const base: Template[] = [
  { axis: 'language', id: 'node', title: 'Node', why: '', languages: ['node'] },
  { axis: 'deployable', id: 'server', title: 'Server', why: '', languages: 'any' },
];
const workspace = (id: string, rest: Partial<Template>): Template => ({
  axis: 'workspace',
  id,
  title: id,
  why: '',
  languages: 'any',
  ...rest,
});
/** A catalogue in memory: `<axis>/<id>/<overlay>` → path → text. */
const memory = (templates: readonly Template[], overlays: Record<string, Record<string, string>> = {}): Catalogue => ({
  templates: [...base, ...templates],
  overlay: ({ axis, id }, from) =>
    Object.entries(overlays[`${axis}/${id}/${from}`] ?? {}).map(([path, text]) => ({
      path,
      content: text,
    })),
});
const tree = (catalogue: Catalogue) =>
  Object.fromEntries(plan(blueprint, catalogue, { version: '1.2.3' }).map(({ path, content }) => [path, content]));

describe('overlays', () => {
  it('are copied or rendered once per scope, under names of the scope', () => {
    const template = workspace('a', {
      files: [
        { per: 'system', from: 'root', to: '', owner: 'tool' },
        { per: 'module', from: 'module', to: 'modules/{module}', owner: 'team' },
        { per: 'deployable', from: 'deployable', to: 'deployables/{deployable}', owner: 'team' },
      ],
    });
    const files = tree(
      memory([template], {
        'workspace/a/root': { _gitignore: 'x\n', '_github/a.yml': '${{ secrets.X }}' },
        'workspace/a/module': {
          'src/{entity}.ts.hbs': '{{module.pascal}} {{#each module.uses}}{{entity.plural}}{{/each}}',
        },
        'workspace/a/deployable': { 'main.ts.hbs': '{{deployable.name}} {{#each deployable.hosts}}{{name}};{{/each}}' },
      }),
    );
    expect(files).toEqual({
      '.github/a.yml': '${{ secrets.X }}',
      '.gitignore': 'x\n',
      'deployables/api/main.ts': 'api catalog;orders;',
      'modules/catalog/src/product.ts': 'Catalog ',
      'modules/orders/src/order.ts': 'Orders products',
    });
  });
  it('apply where their conditions hold, and the more specific one wins', () => {
    const files = tree(
      memory(
        [
          workspace('a', { files: [{ per: 'system', from: 'f', to: '', owner: 'tool' }] }),
          workspace('b', {
            files: [
              { per: 'system', from: 'f', to: '', owner: 'tool', when: { language: 'node' } },
              { per: 'system', from: 'f', to: 'never', owner: 'tool', when: { language: 'java' } },
            ],
          }),
        ],
        { 'workspace/a/f': { x: 'general', y: 'y' }, 'workspace/b/f': { x: 'specific' } },
      ),
    );
    expect(files).toEqual({ x: 'specific', y: 'y' });
  });
  it('that claim one path with equal right are an error that names both templates', () => {
    const claim = (id: string) => workspace(id, { files: [{ per: 'system', from: 'f', to: '', owner: 'tool' }] });
    const catalogue = memory([claim('a'), claim('b')], { 'workspace/a/f': { x: '1' }, 'workspace/b/f': { x: '1' } });
    expect(() => tree(catalogue)).toThrow('x is claimed by both workspace/a and workspace/b');
  });
  it('may not use a placeholder that their scope lacks, nor a trait that nothing has', () => {
    const to = workspace('a', { files: [{ per: 'system', from: 'f', to: '{module}', owner: 'tool' }] });
    expect(() => tree(memory([to], { 'workspace/a/f': { x: '' } }))).toThrow("no '{module}'");
    const when = workspace('a', {
      files: [{ per: 'system', from: 'f', to: '', owner: 'tool', when: { colour: 'red' } }],
    });
    expect(() => tree(memory([when], { 'workspace/a/f': { x: '' } }))).toThrow("unknown trait 'colour'");
  });
  it('of two catalogues keep their own files', () => {
    const one = workspace('a', { files: [{ per: 'system', from: 'f', to: '', owner: 'tool' }] });
    const two = workspace('b', { files: [{ per: 'system', from: 'f', to: '', owner: 'tool' }] });
    const other: Catalogue = { ...memory([], { 'workspace/b/f': { y: '2' } }), templates: [two] };
    expect(tree(joined(memory([one], { 'workspace/a/f': { x: '1' } }), other))).toEqual({ x: '1', y: '2' });
  });
});

describe('intents', () => {
  const states = (id: string, intent: Intent) =>
    workspace(id, { state: (at) => (at.per === 'system' ? [intent] : []) });
  const seen = (...templates: Template[]) => {
    const printer = workspace('z', {
      print: (system) => [
        {
          path: 'seen',
          owner: 'tool',
          from: [],
          content: JSON.stringify([system.all('resource'), system.linter.file]),
        },
      ],
    });
    return JSON.parse(String(tree(memory([...templates, printer])).seen));
  };
  const redis = (port: number): Intent => ({ is: 'resource', id: 'redis', image: 'redis', port, ready: [], url: '' });

  it('reach every printer, however many templates state the same', () => {
    expect(seen(states('a', redis(1)), states('b', redis(1)))).toEqual([
      [redis(1)],
      'tools/scalable-backend-1.2.3.tgz',
    ]);
  });
  it('with one key and two values are an error that names both templates', () => {
    expect(() => seen(states('a', redis(1)), states('b', redis(2)))).toThrow(
      'workspace/a and workspace/b state different values for resource redis',
    );
  });
  it('are asked of a template for its own languages only', () => {
    const asked: string[] = [];
    const state: Template['state'] = (at) => {
      asked.push(at.per === 'system' ? 'system' : at.per === 'module' ? at.module.name : at.deployable.name);
      return [];
    };
    tree(memory([workspace('any', { state })]));
    expect(asked.splice(0)).toEqual(['system', 'catalog', 'orders', 'api']);
    tree(memory([workspace('java', { languages: ['java'], state })]));
    expect(asked).toEqual([]);
  });
});

it('a choice that does not exist is refused with the nearest one', () => {
  const chosen = { ...blueprint, stack: { ...blueprint.stack, cache: 'reddis' } };
  const redis: Template = { axis: 'cache', id: 'redis', title: 'Redis', why: '', languages: 'any' };
  expect(() => plan(chosen, memory([redis]), { version: '1' })).toThrow("There is no cache 'reddis'");
});

it('a template may refuse a system', () => {
  const template = workspace('a', { title: 'A', refuse: () => 'Choose B.' });
  expect(() => tree(memory([template]))).toThrow('A does not fit this system.');
});
