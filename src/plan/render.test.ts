import { expect, it } from 'vitest';
import { render } from './render.ts';

const context = { module: { name: 'orders', uses: [{ name: 'catalog' }], consumes: [] }, flag: false };
const text = (source: string) => render(source, context, 'a.hbs');

it('fills in names and lists, and escapes nothing', () => {
  expect(text('{{module.name}}:{{#each module.uses}}{{name}}{{/each}}')).toBe('orders:catalog');
  expect(render('{{a}}', { a: '<&">' }, 'a.hbs')).toBe('<&">');
});

it('knows the outer names inside a list', () => {
  expect(text('{{#each module.uses}}{{../module.name}}>{{this.name}}{{@index}}{{/each}}')).toBe('orders>catalog0');
  expect(text('{{#each module.consumes}}x{{else}}none{{/each}}')).toBe('none');
});

it.each([
  '{{nothing}}',
  '{{module.nothing}}',
  '{{#if nothing}}{{/if}}',
  '{{#if module.nothing}}{{/if}}',
  '{{#unless nothing}}{{/unless}}',
  '{{#each nothing}}{{/each}}',
  '{{#each module.nothing}}{{/each}}',
  '{{#with nothing}}{{/with}}',
  '{{lookup module "nothing"}}',
  '{{lookup nothing "name"}}',
  '{{#each module.uses}}{{nothing}}{{/each}}',
  '{{#each module.uses}}{{../nothing}}{{/each}}',
  '{{helper module.name}}',
  '{{#if}}{{/if}}',
])('%s is an error that names the file', (source) => {
  expect(() => text(source)).toThrow(/^a\.hbs: /);
});

it('a name that only the prototype has is unknown', () => {
  expect(() => text('{{module.toString}}')).toThrow('unknown name');
  expect(() => text('{{#if module.constructor}}{{/if}}')).toThrow('unknown name');
});
