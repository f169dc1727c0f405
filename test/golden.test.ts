import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Blueprint } from '../src/blueprint/schema.ts';
import { blueprintOf, catalogue, combinations, graphs, monoliths, planOf, unusual } from './support/blueprints.ts';

/**
 * Generated trees, committed, so that a change of a template is a diff that a reviewer reads. Files that are copied as
 * they are would only repeat the template: `verbatim.txt` lists them. Write them anew with
 * `UPDATE=1 npx vitest run --project golden`.
 */
const complete = monoliths.find(
  ({ choices: { cache, ci, deploy, observability, load } }) =>
    cache === 'redis' && ci !== 'none' && load !== 'none' && deploy.length > 0 && observability.length > 1,
)!;
const least = monoliths.find(
  ({ choices: { cache, ci, deploy, observability, load } }) =>
    cache === 'memory' && ci === 'none' && load === 'none' && deploy.length + observability.length === 0,
)!;
const functions = combinations.find(
  ({ choices: { style, cache, ci } }) => style === 'serverless' && cache === 'redis' && ci !== 'none',
)!;
const shop = { modules: ['catalog:product', 'orders:order'], uses: ['orders:catalog'] };
const blueprints: Readonly<Record<string, Blueprint>> = {
  shop: blueprintOf(complete, shop),
  'one-module-least': blueprintOf(least, graphs[0]!, 'tiny'),
  'one-module-functions': blueprintOf(functions, graphs[0]!),
  'unusual-names': blueprintOf(monoliths[1]!, unusual.find(({ id }) => id === 'words')!, 'news-desk'),
};
const folder = join(import.meta.dirname, 'golden');
const templateFiles = new Set(
  catalogue.templates.flatMap((template) =>
    (template.files ?? []).flatMap(({ from }) =>
      catalogue
        .overlay(template, from)
        .flatMap(({ path, content }) => (path.endsWith('.hbs') ? [] : [String(content)])),
    ),
  ),
);

function golden(blueprint: Blueprint): Map<string, string> {
  const files = new Map<string, string>();
  const verbatim: string[] = [];
  for (const { path, content, from } of planOf(blueprint)) {
    if (typeof content === 'string' && !templateFiles.has(content)) files.set(path, content);
    else verbatim.push(`${path} < ${from.join(', ')}`);
  }
  return files.set('verbatim.txt', `${verbatim.join('\n')}\n`);
}

function committed(name: string): Map<string, string> {
  const home = join(folder, name);
  const entries = readdirSync(home, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(home.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]));
}

function update(name: string, files: ReadonlyMap<string, string>): void {
  rmSync(join(folder, name), { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
}

describe.each(Object.entries(blueprints))('%s', (name, blueprint) => {
  it('is what the templates print', () => {
    const files = golden(blueprint);
    if (process.env.UPDATE) update(name, files);
    const before = committed(name);
    expect([...files.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [path, text] of files) expect(text, path).toBe(before.get(path));
  });
});
