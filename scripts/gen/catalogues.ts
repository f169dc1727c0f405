import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Generated, notice } from './generated.ts';

interface Catalogue {
  /** The generated file. */
  readonly path: string;
  /** Files that may hold members, relative to the repository. */
  readonly members: string;
  /** Property that each member has besides its id: members are told from helpers by shape. */
  readonly shape: readonly string[];
  readonly type: { readonly name: string; readonly from: string };
  readonly name: string;
  /** Key under which members are grouped; without it the catalogue is a list. */
  readonly group?: (path: string) => string;
}

const all: readonly Catalogue[] = [
  {
    path: 'templates/catalogue.gen.ts',
    members: 'templates/*/*/template.ts',
    shape: ['axis', 'id', 'title', 'why', 'languages'],
    type: { name: 'Template', from: '../src/plan/template.ts' },
    name: 'templates',
  },
  {
    path: 'rules/catalogue.gen.ts',
    members: 'rules/*/rule.ts',
    shape: ['id', 'why', 'fix', 'reads', 'check'],
    type: { name: 'Rule', from: '../src/model/rule.ts' },
    name: 'rules',
  },
  {
    path: 'src/extract/catalogue.gen.ts',
    members: 'src/extract/*/*.ts',
    shape: ['id', 'version', 'emits', 'when', 'on'],
    type: { name: 'Recogniser', from: './language.ts' },
    name: 'recognisers',
    group: (path) => path.split('/')[2] ?? '',
  },
  {
    path: 'src/extract/languages.gen.ts',
    members: 'src/extract/{*,*/*}.ts',
    shape: ['id', 'version', 'claims', 'extract'],
    type: { name: 'Language', from: './language.ts' },
    name: 'languages',
  },
  {
    path: 'src/report/catalogue.gen.ts',
    members: 'src/report/*.ts',
    shape: ['id', 'title', 'render'],
    type: { name: 'Reporter', from: './reporter.ts' },
    name: 'reporters',
  },
];

/** The indexes of templates, rules, recognisers and reporters: adding a folder or a file is all that adding one takes. */
export const catalogues = all.map(
  (catalogue) =>
    async (root: string): Promise<Generated[]> => [await print(root, catalogue)],
);

interface Member {
  readonly path: string;
  readonly symbol: string;
  readonly id: string;
}

async function membersOf(root: string, { members, shape, type }: Catalogue): Promise<Member[]> {
  const found: Member[] = [];
  const seen = new Set<unknown>();
  const paths = globSync(members, { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  // Where nothing of the type is exported, nothing needs to be imported.
  const declares = new RegExp(`export const \\w+: ${type.name}\\b(?!\\[)|satisfies ${type.name}\\b`);
  for (const path of paths.sort()) {
    if (/\.(test|gen)\.ts$/.test(path) || !declares.test(readFileSync(join(root, path), 'utf8'))) continue;
    const exported: Record<string, unknown> = await import(pathToFileURL(join(root, path)).href);
    for (const [symbol, value] of Object.entries(exported)) {
      if (typeof value !== 'object' || value === null || !shape.every((key) => key in value)) continue;
      if (seen.has(value)) continue;
      seen.add(value);
      found.push({ path, symbol, id: String((value as { id: unknown }).id) });
    }
  }
  return found.sort((a, b) => (a.path === b.path ? compare(a.id, b.id) : compare(a.path, b.path)));
}

async function print(root: string, catalogue: Catalogue): Promise<Generated> {
  const members = (await membersOf(root, catalogue)).map((member, index) => ({ ...member, local: `m${index}` }));
  const imports = members.map(({ path, symbol, local }) => {
    const from = posix.relative(posix.dirname(catalogue.path), path);
    const specifier = from.startsWith('.') ? from : `./${from}`;
    return symbol === 'default'
      ? `import ${local} from '${specifier}';`
      : `import { ${symbol} as ${local} } from '${specifier}';`;
  });
  const { name, type, group } = catalogue;
  const body = group
    ? [
        `export const ${name}: Readonly<Record<string, readonly ${type.name}[]>> = {`,
        ...[...Map.groupBy(members, ({ path }) => group(path))].map(
          ([key, list]) => `  ${/^\w+$/.test(key) ? key : `'${key}'`}: [${list.map(({ local }) => local).join(', ')}],`,
        ),
        '};',
      ]
    : [
        `export const ${name}: readonly ${type.name}[] = [`,
        ...members.map(({ local, id }) => `  ${local}, // ${id}`),
        '];',
      ];
  const lines = [`// ${notice}`, `import type { ${type.name} } from '${type.from}';`, ...imports, '', ...body, ''];
  return { path: catalogue.path, text: lines.join('\n') };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
